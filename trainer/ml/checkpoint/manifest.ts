import { createHash } from 'node:crypto';
import { z } from 'zod';
import { modelVersionSchema } from '#core/models/version.ts';

/** `manifest.json` of a checkpoint folder: written last, so a folder that has it has everything it lists. */
export const manifestSchema = z.object({
  version: z.literal(1),
  /** How TensorFlow.js loads model.json. */
  format: z.enum(['layers-model', 'graph-model']),
  /** The network and its version; absent in checkpoints made before networks had one. */
  model: modelVersionSchema.optional(),
  step: z.int(),
  epoch: z.int(),
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The files of a checkpoint, without the manifest: name → bytes. */
export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a manifest says besides its files. */
export type ManifestHead = Omit<Manifest, 'version' | 'files'>;

/** The manifest of `files`. */
export function describeFiles(files: CheckpointFiles, head: ManifestHead): Manifest {
  return {
    version: 1,
    ...head,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    ),
  };
}

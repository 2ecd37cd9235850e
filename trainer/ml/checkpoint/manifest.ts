import { createHash } from 'node:crypto';
import { z } from 'zod';

/** `manifest.json` of a checkpoint folder: written last, so a folder that has it has everything it lists. */
export const manifestSchema = z.object({
  version: z.literal(1),
  /** How TensorFlow.js loads model.json. */
  format: z.enum(['layers-model', 'graph-model']),
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

/** The manifest of `files`. */
export function describeFiles(files: CheckpointFiles, head: Pick<Manifest, 'format' | 'step' | 'epoch'>): Manifest {
  return {
    version: 1,
    ...head,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    ),
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Where `npm run engine:native` puts what it builds. ALMANAC_NATIVE names another folder. */
export function nativeHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.ALMANAC_NATIVE || fileURLToPath(new URL('../../../.native', import.meta.url));
}

export const flavours = ['cpu', 'gpu'] as const;
export type Flavour = (typeof flavours)[number];

/** What lies in the folder: written last, removed first, so that a half-built folder has none. */
const manifestSchema = z.object({
  /** Digest of all that decides the build; another key means building again. */
  key: z.string(),
  flavour: z.enum(flavours),
  /** As its wheel or archive names it; null where a folder does not tell. The library itself tells once it is loaded. */
  tensorflow: z.string().nullable(),
  tfjsNode: z.string(),
  /** SHA-256 of the binding. */
  binding: z.string(),
  compiler: z.string(),
  built: z.iso.datetime(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Paths inside the folder. */
export const nativeFiles = {
  manifest: 'manifest.json',
  binding: 'tfjs_binding.node',
  /** tfjs-node's JavaScript. */
  scripts: join('package', 'dist'),
  /** TensorFlow's libraries and headers. */
  tensorflow: 'tensorflow',
  /** NVIDIA's libraries, where they came as wheels. */
  nvidia: 'nvidia',
} as const;

/** The manifest of a finished build in `home`; undefined where there is none, or one that is not ours. */
export function readManifest(home: string): Manifest | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(home, nativeFiles.manifest), 'utf8')));
    return existsSync(join(home, nativeFiles.binding)) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

import { join } from 'node:path';
import { AppError } from '#core/error.ts';
import { checkpointFiles } from '#core/run/run-files.ts';
import { type CheckpointDisk, checkpointDisk } from './disk.ts';
import { type CheckpointFiles, type Manifest, manifestSchema, sha256 } from './manifest.ts';

/** A checkpoint whose every byte agrees with its manifest. */
interface StoredCheckpoint {
  /** Folder it came from: `<name>`, or `<name>.old` where `<name>` was missing or damaged. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: CheckpointFiles;
}

type Verified = Omit<StoredCheckpoint, 'folder'>;

/**
 * `cause` is set where reading failed for a reason that may pass (EIO, EMFILE): then the folder is not proved damaged.
 */
interface Damage {
  readonly damage: string;
  readonly cause?: unknown;
}

const isAbsent = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function loadFolder(folder: string, disk: CheckpointDisk): Promise<Verified | Damage> {
  let text: string;
  try {
    text = (await disk.read(join(folder, checkpointFiles.manifest))).toString('utf8');
  } catch (error) {
    if (isAbsent(error)) return { damage: 'has no manifest.json' };
    return { damage: 'has a manifest.json that cannot be read', cause: error };
  }
  const manifest = parseManifest(text);
  if (!manifest) return { damage: 'has a manifest.json that is not one' };
  const files: Record<string, Uint8Array> = {};
  for (const [name, { bytes, sha256: expected }] of Object.entries(manifest.files)) {
    if (!/^\w[\w.-]*$/.test(name)) return { damage: 'lists a file outside itself' };
    let content: Buffer;
    try {
      content = await disk.read(join(folder, name));
    } catch (error) {
      if (isAbsent(error)) return { damage: `lacks ${name}` };
      return { damage: `has a ${name} that cannot be read`, cause: error };
    }
    if (content.length !== bytes) return { damage: `has ${content.length} bytes of ${name}, expected ${bytes}` };
    if (sha256(content) !== expected) return { damage: `has another ${name} than its manifest says (sha256)` };
    files[name] = content;
  }
  return { manifest, files };
}

function parseManifest(text: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * True where the folder is a checkpoint and every byte agrees with its manifest, false where it is proved damaged.
 * Throws where it could not be read: a caller that removes damaged folders must then leave it alone.
 */
export async function verifyFolder(folder: string, disk: CheckpointDisk = checkpointDisk): Promise<boolean> {
  const loaded = await loadFolder(folder, disk);
  if ('damage' in loaded && loaded.cause) throw loaded.cause;
  return !('damage' in loaded);
}

/**
 * Reads the checkpoint `name` under `root`, verified; where it is missing or damaged, `<name>.old`. Null where neither
 * folder exists. Throws checkpoint_damaged where there are folders and none is sound. `warn` hears of a fall back.
 *
 * @example
 * const stored = await readCheckpoint('checkpoints', 'best', { warn: console.warn });
 * if (stored !== null) decodeCheckpoint(stored.files).epoch;
 */
export async function readCheckpoint(
  root: string,
  name: string,
  options: { readonly disk?: CheckpointDisk; readonly warn?: (message: string) => void } = {},
): Promise<StoredCheckpoint | null> {
  const { disk = checkpointDisk, warn = () => {} } = options;
  const present = await disk.list(root);
  const damages: string[] = [];
  for (const folder of [name, `${name}.old`]) {
    if (!present.includes(folder)) continue;
    const loaded = await loadFolder(join(root, folder), disk);
    if (!('damage' in loaded)) {
      if (damages.length > 0) warn(`Checkpoint ${damages.join('; ')}. Using ${folder} instead.`);
      return { folder, ...loaded };
    }
    damages.push(`${folder} ${loaded.damage}`);
  }
  if (damages.length === 0) return null;
  throw new AppError(
    'checkpoint_damaged',
    `Checkpoint ${damages.join('; ')}. Expected a folder that agrees with its manifest.json; take another checkpoint.`,
  );
}

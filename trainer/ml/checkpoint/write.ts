import { join } from 'node:path';
import { checkpointFiles } from '#core/run/run-files.ts';
import { type CheckpointDisk, checkpointDisk } from './disk.ts';
import { type CheckpointFiles, describeFiles, type ManifestHead, sha256 } from './manifest.ts';
import { verifyFolder } from './read.ts';

/** What a `checkpoint` event says of a saved folder. */
export interface SavedCheckpoint {
  /** Sum of the sizes of the files, the manifest's included. */
  readonly bytes: number;
  /** sha256 of manifest.json, which holds that of every file. */
  readonly sha256: string;
}

/**
 * Saves `files` as the folder `<root>/<name>` so that a stop at any moment leaves the old checkpoint or the new one,
 * never a mixture (PROMISES.md#checkpoints): all is written and synced as `<name>.tmp`, the manifest last; then
 * `<name>` becomes `<name>.old`, `<name>.tmp` becomes `<name>`, and `<name>.old` goes. Readers fall back to `.old`.
 *
 * On an error `<name>.tmp` is removed if the disk still lets us, which gives a full disk its space back.
 *
 * @example
 * const files = { 'state.json': Buffer.from('{}') };
 * const saved = await writeCheckpoint('checkpoints', 'mine', files, { format: 'layers-model', step: 10, epoch: 1 });
 * saved.sha256; // of checkpoints/mine/manifest.json
 */
export async function writeCheckpoint(
  root: string,
  name: string,
  files: CheckpointFiles,
  head: ManifestHead,
  disk: CheckpointDisk = checkpointDisk,
): Promise<SavedCheckpoint> {
  const [target, fresh, old] = [join(root, name), join(root, `${name}.tmp`), join(root, `${name}.old`)];
  const manifest = Buffer.from(`${JSON.stringify(describeFiles(files, head), null, 2)}\n`);
  await disk.makeFolder(root);
  await disk.remove(fresh);
  try {
    await disk.makeFolder(fresh);
    const save = async (file: string, bytes: Uint8Array): Promise<void> => {
      await disk.write(join(fresh, file), bytes);
      await disk.sync(join(fresh, file));
    };
    // Side by side: a disk that syncs several files at once takes little longer than for one. Every one is waited for,
    // even after an error, so that nothing is still being written when the folder is removed.
    const saved = await Promise.allSettled(Object.entries(files).map(([file, bytes]) => save(file, bytes)));
    for (const one of saved) if (one.status === 'rejected') throw one.reason;
    await save(checkpointFiles.manifest, manifest);
    await disk.sync(fresh);

    const present = await disk.list(root);
    let hasTarget = present.includes(name);
    if (present.includes(`${name}.old`) && hasTarget) {
      // Left over from a stop between two renames, or from a removal cut short: only a sound one may replace the other.
      if (await verifyFolder(target, disk)) await disk.remove(old);
      else {
        await disk.remove(target);
        hasTarget = false;
      }
    }
    if (hasTarget) await disk.rename(target, old);
    await disk.rename(fresh, target);
    await disk.sync(root);
    await disk.remove(old);
  } catch (error) {
    await disk.remove(fresh).catch(() => {});
    throw error;
  }
  const bytes = Object.values(files).reduce((sum, file) => sum + file.length, manifest.length);
  return { bytes, sha256: sha256(manifest) };
}

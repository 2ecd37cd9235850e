import { type Zippable, zip } from 'fflate';
import { AppError } from '#core/error.ts';
import { filesOfCheckpoint } from './artifact-list.ts';
import { runFiles } from '#core/run/run-files.ts';
import { openRunFile, type RunFile } from '#trainer/run-folder/open-file.ts';

const limit = 1 << 30;

/**
 * A checkpoint as one zip archive, stored without compression (weights do not compress). All files are opened before
 * any is read, and again if the checkpoint was replaced between two of them: an archive never mixes two checkpoints.
 * @throws AppError artifact_not_found, or too_large above 1 GiB.
 */
export async function zipCheckpoint(runFolder: string, name: string): Promise<Uint8Array> {
  for (let attempt = 0; ; attempt++) {
    const files = await openAll(runFolder, name);
    try {
      const total = files.reduce((sum, [, file]) => sum + file.bytes, 0);
      if (total > limit)
        throw new AppError('too_large', 'This checkpoint is over 1 GiB: download its files one by one.');
      const again = await openRunFile(runFolder, files[0][0]);
      await again.handle.close();
      if (again.inode !== files[0][1].inode && attempt < 5) continue;
      const contents: Zippable = {};
      for (const [path, file] of files)
        contents[path.slice(`${runFiles.checkpoints}/`.length)] = await file.handle.readFile();
      return await new Promise<Uint8Array>((resolve, reject) => {
        zip(contents, { level: 0 }, (error, data) => (error ? reject(error) : resolve(data)));
      });
    } finally {
      for (const [, file] of files) await file.handle.close();
    }
  }
}

async function openAll(runFolder: string, name: string): Promise<readonly (readonly [string, RunFile])[]> {
  const paths = await filesOfCheckpoint(runFolder, name);
  if (paths.length === 0) throw new AppError('artifact_not_found', 'There is no such checkpoint in this run.');
  const files: (readonly [string, RunFile])[] = [];
  try {
    for (const path of paths) files.push([path, await openRunFile(runFolder, path)]);
    return files;
  } catch (error) {
    for (const [, file] of files) await file.handle.close();
    throw error;
  }
}

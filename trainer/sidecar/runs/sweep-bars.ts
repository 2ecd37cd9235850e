import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '#core/run/run-files.ts';
import { runIdPattern } from '#core/run/run-name.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import { binFolder } from './stock.ts';

/** An id of kept bars, as run.json and data.json name it. */
const named = /"content":\s*"([0-9a-f]{64})"/g;

/**
 * Removes kept bars that no run names, those in the bin included. Answers the bytes that are free then; where the folders
 * cannot be listed nothing is removed.
 */
export async function sweepBars(runsFolder: string): Promise<number> {
  const ids = new Set<string>();
  for (const folder of [runsFolder, binFolder(runsFolder)]) {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.filter((one) => runIdPattern.test(one))) {
      for (const file of [runFiles.record, runFiles.data]) {
        for (const [, id] of (await readOrNothing(join(folder, name, file))).matchAll(named)) ids.add(id);
      }
    }
  }
  return new KeptBars(runsFolder).sweep(ids);
}

/** A run that has not read its data names none. @throws where the file is there and cannot be read */
async function readOrNothing(path: string): Promise<string> {
  return readPlainFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

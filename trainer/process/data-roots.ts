import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that data may come from: the notebooks of `ALMANAC_HOME`, then each folder of `ALMANAC_DATA_DIRS`. */
export function dataRoots(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env['ALMANAC_HOME'] || project;
  const extra = (env['ALMANAC_DATA_DIRS'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [join(home, 'notebooks'), ...extra];
}

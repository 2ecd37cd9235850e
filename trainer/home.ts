import { cp, mkdir, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes the folders of an `ALMANAC_HOME`. One without a notebooks folder, or with an empty one, gets the example
 * notebooks and their data; one that has notebooks is left as it is.
 */
export async function prepareHome(home: string, examples: string = join(project, 'notebooks')): Promise<void> {
  const notebooks = join(home, 'notebooks');
  await mkdir(notebooks, { recursive: true });
  await mkdir(join(home, 'runs'), { recursive: true });
  if (resolve(notebooks) === resolve(examples) || !existsSync(examples)) return;
  if ((await readdir(notebooks)).length === 0) await cp(examples, notebooks, { recursive: true });
}

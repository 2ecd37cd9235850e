import { access, constants, cp, mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';

/** statfs numbers of file systems on which SQLite's WAL cannot work: NFS, SMB, CIFS, Lustre, GPFS. */
const remote = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x0bd00bd0, 0x47504653]);

const project = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes the folders of an `ALMANAC_HOME`. One without a notebooks folder, or with an empty one, gets the example
 * notebooks and their data; one that has notebooks is left as it is.
 * @throws AppError invalid_config where the home cannot be made or written, with the system's error as cause; and where it
 * lies on a network file system.
 */
export async function prepareHome(home: string, examples: string = join(project, 'notebooks')): Promise<void> {
  const notebooks = join(home, 'notebooks');
  const runs = join(home, 'runs');
  try {
    await mkdir(home, { recursive: true });
    for (const folder of [notebooks, runs]) await makeFolder(folder);
    await access(runs, constants.R_OK | constants.W_OK | constants.X_OK);
    await requireLocal(runs);
    if (resolve(notebooks) === resolve(examples) || !existsSync(examples)) return;
    if ((await readdir(notebooks)).length === 0) await cp(examples, notebooks, { recursive: true });
  } catch (error) {
    throw unusableHome(home, error);
  }
}

async function requireLocal(folder: string): Promise<void> {
  const { type } = await statfs(folder);
  if (!remote.has(type)) return;
  throw new AppError(
    'invalid_config',
    'ALMANAC_HOME lies on a network file system, on which the index cannot be kept safely. Choose a local folder.',
  );
}

/** Not recursive: Node tries that for ever where a file system, as /proc, has no room for new names. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  });
}

/** Why a home cannot be used, in a sentence; `cause` is the system's error. */
export function unusableHome(home: string, cause: unknown): unknown {
  const { code = '', path = home } = cause as NodeJS.ErrnoException;
  const because: Readonly<Record<string, string>> = {
    ENOENT: `cannot hold ${path}`,
    EROFS: 'lies on a file system that is mounted read-only',
    EACCES: `is not this user's to write (${path})`,
    EPERM: `is not this user's to write (${path})`,
    ENOTDIR: `leads through a file (${path})`,
    EEXIST: `leads through a file (${path})`,
    ENOSPC: 'lies on a full disk',
    EDQUOT: 'lies on a disk on which this user has used up the quota',
  };
  if (!Object.hasOwn(because, code)) return cause;
  const advice = isDiskFull(cause) ? 'Free some space' : 'Expected a folder in which files can be made: mend that';
  const message = `ALMANAC_HOME is ${home}, which ${because[code]}. ${advice}, or set another ALMANAC_HOME.`;
  return new AppError('invalid_config', message, { cause });
}

import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';

const slugPattern = /^[a-z0-9][a-z0-9_-]{0,99}$/i;
const maxBytes = 1_000_000;

/** Text of `<folder>/<slug>.md`. @throws AppError notebook_not_found, or too_large over 1 MB. */
export async function readNotebook(folder: string, slug: string): Promise<string> {
  if (!slugPattern.test(slug)) throw await missing(folder, slug);
  const root = await realpath(folder).catch(() => null);
  if (root === null) throw await missing(folder, slug);
  const path = join(root, `${slug}.md`);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) throw await missing(folder, slug);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw await missing(folder, slug);
    requireNotebookSize(stat.size);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** @throws AppError too_large over 1 MB, before anything is parsed. */
export function requireNotebookSize(bytes: number): void {
  if (bytes <= maxBytes) return;
  throw new AppError(
    'too_large',
    `The notebook has ${bytes.toLocaleString('en-US')} bytes; expected ${maxBytes.toLocaleString('en-US')} at most. ` +
      'Keep data in files of their own, which data.source names.',
  );
}

async function missing(folder: string, slug: string): Promise<AppError> {
  const files = await readdir(folder).catch(() => []);
  const there = files.flatMap((name) => /^([a-z0-9][a-z0-9_-]{0,99})\.md$/i.exec(name)?.[1] ?? []).sort();
  const listed = there.length === 0 ? 'there is none yet' : `there are ${there.slice(0, 10).join(', ')}`;
  return new AppError(
    'notebook_not_found',
    `There is no notebook ${JSON.stringify(slug.slice(0, 100))}. Expected the name of a .md file in the notebooks folder of ` +
      `ALMANAC_HOME, without its ending; ${listed}${there.length > 10 ? ', …' : ''}.`,
  );
}

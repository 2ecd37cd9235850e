import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';

const slugPattern = /^[a-z0-9][a-z0-9-]{0,99}$/i;
const maxBytes = 1_000_000;

/** Text of `<folder>/<slug>.md`. @throws AppError notebook_not_found, or too_large over 1 MB. */
export async function readNotebook(folder: string, slug: string): Promise<string> {
  const missing = new AppError('notebook_not_found', `There is no notebook ${JSON.stringify(slug.slice(0, 100))}.`);
  if (!slugPattern.test(slug)) throw missing;
  const path = join(await realpath(folder), `${slug}.md`);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (file === null) throw missing;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw missing;
    if (stat.size > maxBytes) throw new AppError('too_large', `The notebook ${slug} is over 1 MB.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

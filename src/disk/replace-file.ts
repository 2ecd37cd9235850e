import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openPlainFile } from './plain-file.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Replaces a file as a whole: readers see the old one or the new one, and the new one is on the disk when it returns. `chunks`
 * are written in turn, so a large table needs no large string. On an error the old file stands and no draft is left.
 * @param options.draft where it is written first, in the same folder; one of its own is needed where several may write at once.
 */
export async function replaceFile(
  path: string,
  chunks: string | Iterable<string> | AsyncIterable<string>,
  options: { readonly draft?: string } = {},
): Promise<void> {
  const draft = options.draft ?? `${path}.tmp`;
  try {
    const file = await openPlainFile(draft, 'replace');
    try {
      if (typeof chunks === 'string') await file.writeFile(chunks);
      else for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Replaces a JSON file, indented for people. */
export function replaceJson(path: string, value: unknown, options: { readonly draft?: string } = {}): Promise<void> {
  return replaceFile(path, `${JSON.stringify(value, null, 2)}\n`, options);
}

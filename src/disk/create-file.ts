import { open } from 'node:fs/promises';

/** Creates a file, all of it on the disk when it returns. An existing one is an error unless `replace` is set. */
export async function createFile(
  path: string,
  text: string,
  options: { readonly replace?: boolean } = {},
): Promise<void> {
  const file = await open(path, options.replace ? 'w' : 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

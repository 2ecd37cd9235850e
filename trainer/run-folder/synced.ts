import { open } from 'node:fs/promises';

/** Creates a file, all of it on the disk when it returns. An existing one is an error unless `replace` is set. */
export async function writeSynced(
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

/** Returns when the entries of a folder have reached the disk. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; its renames need no such sync.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { open } from 'node:fs/promises';

/** Returns when the entries of a folder have reached the disk: what was created, renamed or removed in it. */
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

import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { readPlainBytes } from '#disk/plain-file.ts';

/** Every call that saving and loading a checkpoint makes; a test gives one that fails at the k-th. */
export interface CheckpointDisk {
  makeFolder(path: string): Promise<void>;
  /** Creates or replaces a file, all of it or an error. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Returns when a file's content, or a folder's entries, have reached the disk. */
  sync(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with what is in it; a missing one is no error. */
  remove(path: string): Promise<void>;
  /** Names in a folder; none where it is missing. */
  list(path: string): Promise<readonly string[]>;
  read(path: string): Promise<Buffer>;
}

export const checkpointDisk: CheckpointDisk = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  async write(path, bytes) {
    const file = await open(path, 'w', 0o644);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  },
  async sync(path) {
    // Windows opens no folders; its renames need no such sync.
    if (process.platform === 'win32') return;
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  async list(path) {
    try {
      return await readdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  read: readPlainBytes,
};

import { closeSync, openSync, writeSync } from 'node:fs';

/** Takes all the space there is on a file system, by this file on it. */
export function fillDisk(path: string): void {
  const file = openSync(path, 'a');
  for (const size of [1 << 20, 4096, 1]) {
    const block = Buffer.alloc(size, 1);
    try {
      for (;;) writeSync(file, block);
    } catch {
      // No more of this size fits.
    }
  }
  closeSync(file);
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { eventsOf, makeRunFolder, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const program = fileURLToPath(new URL('../../../trainer/process/main.ts', import.meta.url));

/** A file system of its own and of a given size needs rights that not every machine gives. */
const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0;

/** Trains on a disk of `kilobytes`, then copies what is left to `kept`. */
function trainOnSmallDisk(run: string, kilobytes: number, disk: string, kept: string): number | null {
  const script = [
    `mount -t tmpfs -o size=${kilobytes}k none "$1"`,
    'cp "$2"/config.yaml "$1"/',
    `"$4" "$5" --run "$1" --attempt 1 --nonce n 2>"$2"/trainer.log; code=$?`,
    'cp -r "$1"/. "$3"/; exit $code',
  ].join('\n');
  const args = ['-m', 'sh', '-c', script, 'sh', disk, run, kept, process.execPath, program];
  return spawnSync('unshare', args, { encoding: 'utf8' }).status;
}

describe.skipIf(!mayMount)('a disk that fills up (skipped where tmpfs cannot be mounted)', () => {
  it.each([24, 300, 700, 1100, 1500, 2100])(
    'of %i KB: the run says so, and no half checkpoint is listed',
    { timeout: 300_000 },
    async (kilobytes) => {
      const home = temporaryFolder();
      const run = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=4']);
      const [disk, kept] = [join(home, 'disk'), join(home, 'kept')];
      mkdirSync(disk);
      mkdirSync(kept);
      expect(trainOnSmallDisk(run, kilobytes, disk, kept)).toBe(2);
      const events = readEvents(kept);
      expect(events.at(-1)).toMatchObject({ state: 'failed', reason: expect.stringMatching(/disk.*full/) });
      const listed = new Set(eventsOf(events, 'checkpoint').map(({ name }) => name));
      const root = join(kept, 'checkpoints');
      for (const name of listed) expect(await readCheckpoint(root, name), name).not.toBeNull();
      const folders = existsSync(root) ? readdirSync(root) : [];
      expect(folders.filter((folder) => folder.endsWith('.tmp'))).toEqual([]);
    },
  );
});

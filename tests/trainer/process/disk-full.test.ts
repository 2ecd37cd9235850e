import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { sample } from '#tests/support/scale.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { wholeRun } from '#tests/support/whole-run.ts';

const program = fileURLToPath(new URL('../../../trainer/process/main.ts', import.meta.url));

/** A file system of its own and of a given size needs rights that not every machine gives. */
const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0;

/**
 * Trains on a disk of `kilobytes`, makes the disk larger, and resumes the run there; what each attempt has left is copied
 * to `first` and `second` beside the run. Answers the exit codes.
 */
function trainOnSmallDisk(run: string, kilobytes: number): readonly number[] {
  const script = [
    'cd "$1"; mkdir disk first second',
    `mount -t tmpfs -o size=${kilobytes}k none disk; cp config.yaml disk/`,
    'train() { "$2" "$3" --run "$PWD/disk" --attempt "$1" --nonce n 2>>trainer.log; echo $?; }',
    'train 1 "$2" "$3"; cp -r disk/. first/',
    'mount -o remount,size=64m disk',
    'train 2 "$2" "$3"; cp -r disk/. second/',
  ].join('\n');
  const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', run, process.execPath, program], {
    encoding: 'utf8',
    env: { ...process.env, ALMANAC_THREADS: '1' },
  });
  return stdout.trim().split('\n').map(Number);
}

const overrides = [...smallRun, 'train.epochs=4'];
const untouched = wholeRun(overrides);

describe.skipIf(!mayMount)('a disk that fills up (skipped where tmpfs cannot be mounted)', () => {
  it.each(sample([8, 16, 24, 300, 700, 1100, 1500, 1900, 2000, 2100], 4))(
    'of %i KB interrupts the run, lists no half checkpoint, and with space the run ends as on any disk',
    { timeout: 300_000 },
    async (kilobytes) => {
      const run = makeRunFolder(temporaryFolder(), 'r', overrides);
      const [before, after] = trainOnSmallDisk(run, kilobytes);
      // 4: not even its last word had room.
      expect([4, 5]).toContain(before);
      const first = join(run, 'first');
      if (before === 5) {
        expect(readEvents(first).at(-1)).toMatchObject({ state: 'interrupted', cause: 'disk_full' });
        const listed = new Set(eventsOf(readEvents(first), 'checkpoint').map(({ name }) => name));
        for (const name of listed) expect(await readCheckpoint(join(first, 'checkpoints'), name), name).not.toBeNull();
      }
      const left = readdirSync(first, { recursive: true }).map(String);
      expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);

      expect(after).toBe(0);
      expect(resultDigests(join(run, 'second'))).toEqual(await untouched());
    },
  );
});

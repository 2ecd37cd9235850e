import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { freeBytesOf } from '#disk/free-bytes.ts';
import { estimateCheckpoint, requireSpace } from '#trainer/sidecar/runs/free-space.ts';
import { expectRefused, expectStillWorks, runFolders } from '#tests/support/bad-input.ts';
import { eventsOf, makeRunFolder, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';

const program = fileURLToPath(new URL('../support/full-disk.ts', import.meta.url));
const almanac = fileURLToPath(new URL('../../trainer/cli/almanac.mjs', import.meta.url));

/** A file system of its own and of a given size needs rights that not every machine gives. */
const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0;

/** Runs Node with these arguments where `disk` is an empty file system of so many megabytes; then copies it to `kept`. */
function onSmallDisk(disk: string, megabytes: number, kept: string, args: readonly string[]) {
  mkdirSync(disk);
  mkdirSync(kept);
  const script = [
    `mount -t tmpfs -o size=${megabytes}m none "$1"`,
    'kept="$2"; disk="$1"; shift 2; "$@"; code=$?',
    'cp -r "$disk"/. "$kept"/; exit $code',
  ].join('\n');
  return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', disk, kept, process.execPath, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ALMANAC_HOME: disk },
    timeout: 300_000,
  });
}

test('a run is refused before it is made where the disk has too little room for it, with both numbers', async () => {
  let free = 100 * 2 ** 20;
  const sidecar = await startTestSidecar('real', undefined, {}, { freeBytes: async () => free });
  await expectRefused(sidecar, {}, 507, {
    code: 'disk_full',
    says: ['100 MiB free', 'expected 512 MiB at least', 'Free some space', 'ALMANAC_HOME', 'No run was made'],
  });
  // A model whose checkpoints are larger than what is free: the small one still may.
  free = 600 * 2 ** 20;
  const large = ['model.variant=large', 'model.lookback=4096'];
  await expectRefused(sidecar, { overrides: large }, 507, {
    code: 'disk_full',
    says: ['600 MiB free', /expected [\d,]+ MiB/],
  });
  await expectStillWorks(sidecar);
});

test('the room that a run needs is that of three checkpoints, and of the one it starts from', async () => {
  const { config } = requireConfig({ overrides: [...smallRun, 'model.variant=large', 'model.lookback=4096'] });
  const parameters = countParameters(config.model, { features: 6, outputs: 2 });
  expect(estimateCheckpoint(config)).toBe(4 * 3 * parameters);
  const needed = 3 * 4 * 3 * parameters;
  expect(needed).toBeGreaterThan(512 * 2 ** 20);
  const check = (free: number, extra = 0) => requireSpace(config, { free: async () => free, extra });
  await expect(check(needed)).resolves.toBeUndefined();
  await expect(check(needed - 1)).rejects.toMatchObject({ code: 'disk_full' });
  await expect(check(needed, 1)).rejects.toMatchObject({ code: 'disk_full' });
  expect(await freeBytesOf(temporaryFolder())).toBeGreaterThan(0);
});

test('what the estimate says of a checkpoint is what a real one weighs', async () => {
  const home = temporaryFolder();
  const folder = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=1']);
  await startTrainer(folder, 1).exit;
  const stored = await readCheckpoint(join(folder, 'checkpoints'), 'last');
  const bytes = ['weights.bin', 'optimizer.bin'].reduce((sum, name) => sum + (stored?.files[name].length ?? 0), 0);
  const { config } = requireConfig({ overrides: [...smallRun, 'train.epochs=1'] });
  expect(bytes).toBe(estimateCheckpoint(config));
});

test.skipIf(!mayMount)(
  'a disk that fills up: no run is made, a living one is interrupted, all can be read, and later runs work (skipped where tmpfs cannot be mounted)',
  async () => {
    const folder = temporaryFolder();
    const kept = join(folder, 'kept');
    const { stdout, stderr, status } = onSmallDisk(join(folder, 'disk'), 48, kept, [program, join(folder, 'disk')]);
    expect(status, stderr).toBe(0);
    const seen = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(seen.refused).toMatchObject({ status: 507, body: { error: { code: 'disk_full' } } });
    expect(seen.refused.body.error.message).toBe(
      'The disk that holds the runs is full: free some space, then try again. Nothing was changed.',
    );
    expect(seen.foldersRefused).toEqual([]);
    expect([seen.listed.status, seen.listed.body.runs]).toEqual([200, []]);
    expect([seen.made.status, seen.listedFull.status]).toEqual([201, 200]);
    expect(seen.interrupted.status).toBe('interrupted');
    expect(seen.interrupted.reason).toMatch(/disk.* full.*Free some space/);
    expect([seen.later.status, seen.later.reason]).toEqual(['completed', '1 epoch']);
    expect(seen.folders).toHaveLength(2);
    // Nothing lost: the log of the interrupted run is whole, and every checkpoint it lists is sound.
    const run = join(kept, 'runs', seen.made.body.id);
    const events = readEvents(run);
    expect(events.at(-1)).toMatchObject({ type: 'status', state: 'interrupted', cause: 'disk_full' });
    for (const name of new Set(eventsOf(events, 'checkpoint').map((event) => event.name))) {
      expect(await readCheckpoint(join(run, 'checkpoints'), name), name).not.toBeNull();
    }
  },
  300_000,
);

test.skipIf(!mayMount)(
  'almanac run on a small disk ends with one sentence and no run (skipped where tmpfs cannot be mounted)',
  () => {
    const folder = temporaryFolder();
    const [disk, kept] = [join(folder, 'disk'), join(folder, 'kept')];
    const { status, stdout, stderr } = onSmallDisk(disk, 48, kept, [almanac, 'run', 'first-run']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^almanac: The disk that holds the runs has \d+ MiB free; expected 512 MiB at least/);
    expect(runFolders(join(kept, 'runs'))).toEqual([]);
  },
  300_000,
);

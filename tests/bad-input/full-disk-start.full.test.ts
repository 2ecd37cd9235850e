import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const program = fileURLToPath(new URL('../support/full-start.ts', import.meta.url));

/** A file system of its own and of a given size needs rights that not every machine gives. */
const may = (...command: readonly string[]) =>
  process.platform === 'linux' && spawnSync('unshare', ['-m', ...command]).status === 0;
const mounts: Record<string, { readonly possible: boolean; readonly command: string }> = {
  tmpfs: {
    possible: may('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt'),
    command: 'mount -t tmpfs -o size=16m none "$1"',
  },
  ext4: {
    possible: may(
      'sh',
      '-c',
      'truncate -s 1m /tmp/probe.$$; mkfs.ext4 -q /tmp/probe.$$ && mount -o loop /tmp/probe.$$ /mnt; c=$?; rm /tmp/probe.$$; exit $c',
    ),
    command: 'truncate -s 32m "$1.img" && mkfs.ext4 -q -m 0 "$1.img" && mount -o loop "$1.img" "$1"',
  },
};

for (const [kind, { possible, command }] of Object.entries(mounts)) {
  test.skipIf(!possible)(
    `a start on a full ${kind}: it serves, refuses what needs space in a sentence, and emptying the bin frees it (skipped where none can be mounted)`,
    () => {
      const disk = join(temporaryFolder(), 'disk');
      mkdirSync(disk);
      const script = `${command} && "$2" "$3" "$1"`;
      const { stdout, stderr, status } = spawnSync(
        'unshare',
        ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, program],
        { encoding: 'utf8', timeout: 300_000 },
      );
      expect(status, stderr).toBe(0);
      const seen = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
      expect(seen.found).toBe(true);
      expect(seen.second).toMatch(/^Another Almanac \(process \d+\) has the ALMANAC_HOME .* and serves it at http/);
      expect(seen.listed).toMatchObject({ status: 200, body: { runs: [{ number: 1, status: 'completed' }] } });
      expect([seen.shown.status, seen.health.status]).toEqual([200, 200]);
      expect(seen.file).toMatchObject({ status: 200, body: expect.stringContaining('time,split,target,prediction') });
      for (const refused of [seen.created, seen.labelled]) {
        expect(refused).toMatchObject({ status: 507, body: { error: { code: 'disk_full' } } });
        expect(refused.body.error.message).toMatch(/^The disk that holds the runs is full: free some space/);
      }
      expect(seen.bin).toMatchObject({ status: 200, body: { runs: 1 } });
      expect(seen.bin.body.bytes).toBeGreaterThan(300_000);
      expect(seen.fromMemory).toMatchObject({ status: 200, body: { number: 1, status: 'completed' } });
      const { runs, bytes } = seen.bin.body;
      expect(seen.emptied).toEqual({ status: 200, body: { runs, bytes, kept: [] } });
      expect(seen.left).toEqual([]);
      // With room again all is as before, and the number of the run that went is not given again.
      expect(seen.later).toMatchObject({ status: 200, body: { number: 3, status: 'completed' } });
      expect(seen.renamed).toMatchObject({ status: 200, body: { name: 'new' } });
      expect(seen.isLockLeft).toBe(false);
    },
    300_000,
  );
}

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CheckpointDisk, checkpointDisk } from '#trainer/ml/checkpoint/disk.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { writeCheckpoint } from '#trainer/ml/checkpoint/write.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const version = (step: number) => ({
  files: {
    'model.json': Buffer.from(JSON.stringify({ step })),
    'weights.bin': Buffer.alloc(5000, step),
    'state.json': Buffer.from(JSON.stringify({ step })),
  },
  head: { format: 'layers-model', step, epoch: step } as const,
});

/** Syncs nothing: no power is lost here, and real syncs are most of the time. */
const hastyDisk: CheckpointDisk = { ...checkpointDisk, sync: async () => {} };

const save = (root: string, step: number, disk = hastyDisk) =>
  writeCheckpoint(root, 'last', version(step).files, version(step).head, disk);

/** Which version is read back; every file must be of that one. */
async function stepIn(root: string): Promise<number | null> {
  const stored = await readCheckpoint(root, 'last');
  if (!stored) return null;
  const { step } = stored.manifest;
  const expected = version(step).files;
  expect(Object.keys(stored.files).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, bytes] of Object.entries(expected))
    expect(Buffer.from(stored.files[name]).equals(bytes)).toBe(true);
  return step;
}

type Fault = 'EIO' | 'ENOSPC' | 'EMFILE' | 'kill';

/**
 * A disk whose k-th call fails. `kill`: from then on nothing happens at all, as if the process were gone; the others
 * fail once, or from then on when `persistent`. A failing write leaves half of its bytes; a failing removal of a folder
 * has removed one file of it.
 */
function failingDisk(k: number, fault: Fault, persistent: boolean): CheckpointDisk & { calls: number; hit: boolean } {
  const state = { calls: 0, hit: false };
  const wrap =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>, half: (...args: Args) => void) =>
    async (...args: Args): Promise<Result> => {
      state.calls++;
      const first = state.calls === k;
      if (first || (state.calls > k && (persistent || fault === 'kill'))) {
        if (first) {
          state.hit = true;
          half(...args);
        }
        throw Object.assign(new Error(fault), { code: fault === 'kill' ? 'EIO' : fault });
      }
      return call(...args);
    };
  const nothing = () => {};
  return {
    get calls() {
      return state.calls;
    },
    get hit() {
      return state.hit;
    },
    makeFolder: wrap(checkpointDisk.makeFolder, nothing),
    write: wrap(checkpointDisk.write, (path, bytes) => {
      if (fault !== 'EMFILE') writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
    }),
    sync: wrap(hastyDisk.sync, nothing),
    rename: wrap(checkpointDisk.rename, nothing),
    remove: wrap(checkpointDisk.remove, (path) => {
      if (existsSync(path)) rmSync(join(path, readdirSync(path).sort()[0]), { force: true });
    }),
    list: wrap(checkpointDisk.list, nothing),
    read: wrap(checkpointDisk.read, nothing),
  };
}

/** The folders that a stop can leave behind, each holding version 1 or 2 at most. */
const starts: Record<string, (root: string) => Promise<void>> = {
  nothing: async () => {},
  'one checkpoint': async (root) => void (await save(root, 1)),
  'stopped between the two renames': async (root) => {
    await save(root, 1);
    await checkpointDisk.rename(join(root, 'last'), join(root, 'last.old'));
    cpSync(join(root, 'last.old'), join(root, 'last.tmp'), { recursive: true });
  },
  'stopped before the old one went': async (root) => {
    await save(root, 1);
    cpSync(join(root, 'last'), join(root, 'last.old'), { recursive: true });
  },
  'stopped while the old one went': async (root) => {
    await save(root, 1);
    cpSync(join(root, 'last'), join(root, 'last.old'), { recursive: true });
    rmSync(join(root, 'last.old', 'manifest.json'));
  },
  'a damaged one beside a sound old one': async (root) => {
    await save(root, 1);
    cpSync(join(root, 'last'), join(root, 'last.old'), { recursive: true });
    writeFileSync(join(root, 'last', 'weights.bin'), 'x');
  },
};

describe('writing a checkpoint', () => {
  it('reads back what was written, and says size and digest of it', async () => {
    const root = temporaryFolder();
    expect(await readCheckpoint(root, 'last')).toBeNull();
    const saved = await save(root, 3, checkpointDisk);
    expect(await stepIn(root)).toBe(3);
    const onDisk = readdirSync(join(root, 'last')).map((file) => readFileSync(join(root, 'last', file)).length);
    expect(saved.bytes).toBe(onDisk.reduce((a, b) => a + b, 0));
    expect(saved.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(root)).toEqual(['last']);
  });

  for (const [start, prepare] of Object.entries(starts)) {
    for (const fault of ['EIO', 'ENOSPC', 'EMFILE', 'kill'] as const) {
      for (const persistent of fault === 'kill' ? [true] : [false, true]) {
        it(`leaves the old or the new one: ${start}, ${fault} ${persistent ? 'for good' : 'once'} at the k-th call`, async () => {
          let k = 0;
          for (let done = false; !done;) {
            k++;
            const root = temporaryFolder();
            await prepare(root);
            const before = await stepIn(root);
            const disk = failingDisk(k, fault, persistent);
            let failed = false;
            await save(root, 2, disk).catch(() => (failed = true));
            const after = await stepIn(root);
            if (!disk.hit) {
              done = true;
              expect({ failed, after, folders: readdirSync(root) }).toEqual({
                failed: false,
                after: 2,
                folders: ['last'],
              });
            } else if (failed) expect([before, 2]).toContain(after);
            else expect(after).toBe(2);
            // And whatever was left, the next save succeeds and leaves nothing else behind.
            await save(root, 4);
            expect(await stepIn(root)).toBe(4);
            expect(readdirSync(root)).toEqual(['last']);
          }
          expect(k).toBeGreaterThan(10);
        });
      }
    }
  }

  it('gives a full disk its space back', async () => {
    const root = temporaryFolder();
    await save(root, 1);
    const disk: CheckpointDisk = {
      ...hastyDisk,
      async write(path, bytes) {
        if (path.endsWith('weights.bin')) {
          writeFileSync(path, bytes.subarray(0, 100));
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
        return checkpointDisk.write(path, bytes);
      },
    };
    await expect(save(root, 2, disk)).rejects.toThrow('no space left');
    expect(readdirSync(root)).toEqual(['last']);
    expect(await stepIn(root)).toBe(1);
  });
});

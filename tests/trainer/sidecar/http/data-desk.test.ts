import { appendFileSync, mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import type { InspectResult } from '#trainer/data/inspect.ts';
import { stateOfSource } from '#trainer/data/source-state.ts';
import { createDataDesk } from '#trainer/sidecar/http/data-desk.ts';

const source = (name: string) => dataSchema.parse({ source: name });

/** A desk whose readings last until they are ended; `stopped` names those that were given up. */
function openDesk() {
  const stopped: string[] = [];
  const ends: (() => void)[] = [];
  const desk = createDataDesk([], ({ data }, { signal }) => {
    return new Promise<InspectResult>((resolve, reject) => {
      ends.push(() => resolve({ rows: 1, step: 1, bars: Buffer.alloc(8) } as InspectResult));
      signal.addEventListener('abort', () => {
        stopped.push(data.source);
        reject(signal.reason as Error);
      });
    });
  });
  return { desk, stopped, ends };
}

test('a reading goes on while one of those who share it waits, and makes room when the last has left', async () => {
  const { desk, stopped, ends } = openDesk();
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const shared = [first, second].map(({ signal }) => desk.inspect(source('a'), [], signal));
  const others = ['b', 'c', 'd'].map((name) => desk.inspect(source(name), [], third.signal));
  await vi.waitFor(() => expect(ends).toHaveLength(4));
  await expect(desk.inspect(source('e'), [])).rejects.toMatchObject({ code: 'state_conflict' });
  first.abort();
  expect(stopped).toEqual([]);
  third.abort();
  expect(stopped).toEqual(['b', 'c', 'd']);
  for (const other of others) await expect(other).rejects.toMatchObject({ code: 'state_conflict' });
  const late = desk.inspect(source('b'), []);
  await vi.waitFor(() => expect(ends).toHaveLength(5));
  for (const end of ends) end();
  expect((await Promise.all([...shared, late])).map(({ rows }) => rows)).toEqual([1, 1, 1]);
  second.abort();
  expect(stopped).toHaveLength(3);
});

test('files that were read are not read again until one of them changes', async () => {
  const root = temporaryFolder();
  const read: string[] = [];
  const desk = createDataDesk([root], async ({ data }) => {
    read.push(data.source);
    return { rows: read.length, step: 1, bars: Buffer.alloc(8) } as InspectResult;
  });
  const settled = async (name: string) => expect.poll(() => stateOfSource(name, { roots: [root] })).not.toBeNull();
  const ask = async (name: string, columns: readonly string[] = []) => (await desk.inspect(source(name), columns)).rows;
  writeFileSync(join(root, 'a.csv'), 'time,close\n');
  // A file of this moment may change again without a sign of it.
  expect([await ask('a.csv'), await ask('a.csv')]).toEqual([1, 2]);
  await settled('a.csv');
  expect([await ask('a.csv'), await ask('a.csv'), await ask('*.csv'), await ask('*.csv')]).toEqual([3, 3, 4, 4]);
  expect([await ask('a.csv', ['x']), await ask('a.csv')]).toEqual([5, 3]);
  const { key } = await desk.inspect(source('a.csv'), []);
  expect(desk.bars(key)?.rows).toBe(3);

  // Of the same length and time, as a copy that keeps times makes it, under the name of the old one.
  const { mtime } = statSync(join(root, 'a.csv'));
  mkdirSync(join(root, 'new'));
  writeFileSync(join(root, 'new', 'a.csv'), 'time,clots\n');
  utimesSync(join(root, 'new', 'a.csv'), mtime, mtime);
  renameSync(join(root, 'new', 'a.csv'), join(root, 'a.csv'));
  await settled('a.csv');
  expect([await ask('a.csv'), await ask('a.csv')]).toEqual([6, 6]);
  appendFileSync(join(root, 'a.csv'), '1,2\n');
  await settled('a.csv');
  expect([await ask('a.csv'), await ask('*.csv')]).toEqual([7, 8]);
  writeFileSync(join(root, 'b.csv'), '');
  await settled('*.csv');
  expect([await ask('*.csv'), await ask('a.csv')]).toEqual([9, 7]);
  expect([await ask('sample://market'), await ask('sample://market')]).toEqual([10, 10]);
  await expect(stateOfSource('gone.csv', { roots: [root] })).resolves.toBeNull();
});

test('what is kept of inspections has its bound', async () => {
  let read = 0;
  const desk = createDataDesk(
    [],
    async () => ({ rows: ++read, step: 1, bars: Buffer.alloc(50 << 20) }) as InspectResult,
  );
  const keys: string[] = [];
  for (const seed of [1, 2, 3, 4]) keys.push((await desk.inspect(source(`sample://market?seed=${seed}`), [])).key);
  expect(keys.map((key) => desk.bars(key)?.rows)).toEqual([undefined, 2, 3, 4]);
});

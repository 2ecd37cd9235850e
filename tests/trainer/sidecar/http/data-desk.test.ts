import { expect, test } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import type { InspectResult } from '#trainer/data/inspect.ts';
import { createDataDesk } from '#trainer/sidecar/http/data-desk.ts';

const source = (name: string) => dataSchema.parse({ source: name });

/** A desk whose readings last until they are ended; `stopped` names those that were given up. */
function openDesk() {
  const stopped: string[] = [];
  const ends: (() => void)[] = [];
  const desk = createDataDesk([], ({ data }, { signal }) => {
    return new Promise<InspectResult>((resolve, reject) => {
      ends.push(() => resolve({ rows: 1, step: 1 } as InspectResult));
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
  await expect(desk.inspect(source('e'), [])).rejects.toMatchObject({ code: 'state_conflict' });
  first.abort();
  expect(stopped).toEqual([]);
  third.abort();
  expect(stopped).toEqual(['b', 'c', 'd']);
  for (const other of others) await expect(other).rejects.toMatchObject({ code: 'state_conflict' });
  const late = desk.inspect(source('b'), []);
  for (const end of ends) end();
  expect((await Promise.all([...shared, late])).map(({ rows }) => rows)).toEqual([1, 1, 1]);
  second.abort();
  expect(stopped).toHaveLength(3);
});

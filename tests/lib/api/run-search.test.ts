import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunSearch } from '#lib/api/run-search.svelte.ts';
import { tableAnswer, tableRow } from '#tests/lib/runs/table-rows.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function world() {
  const waiting: { readonly asked: URLSearchParams; answer(response: Response): Promise<void> }[] = [];
  const search = new RunSearch(
    50,
    (path) =>
      new Promise((done) => {
        waiting.push({
          asked: new URL(String(path), 'http://x').searchParams,
          async answer(response) {
            done(response);
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
  );
  const found = (number: number) => Response.json(tableAnswer([tableRow(number)]));
  return { search, waiting, found };
}

it('asks for the newest at once, and for words when nothing more is typed', async () => {
  const { search, waiting, found } = world();
  search.look(' ');
  expect(waiting.map(({ asked }) => [asked.get('filter'), asked.get('sort')])).toEqual([['', '-run']]);
  await waiting[0]?.answer(found(9));
  expect(search.found?.map(({ number }) => number)).toEqual([9]);
  search.look('slow');
  search.look('slow "R1');
  await vi.advanceTimersByTimeAsync(1000);
  expect(waiting.slice(1).map(({ asked }) => asked.get('filter'))).toEqual([String.raw`"slow" and "\"R1"`]);
});

it('drops a late answer, keeps what it found while it has none, and says why', async () => {
  const { search, waiting, found } = world();
  search.look('');
  search.look('R2');
  await vi.advanceTimersByTimeAsync(1000);
  await waiting[1]?.answer(found(2));
  await waiting[0]?.answer(found(9));
  expect(search.found?.map(({ number }) => number)).toEqual([2]);
  search.look('R3');
  await vi.advanceTimersByTimeAsync(1000);
  await waiting[2]?.answer(Response.json({ error: { code: 'x', message: 'The index is built.' } }, { status: 503 }));
  expect([search.found?.length, search.trouble]).toEqual([1, 'The index is built.']);
  search.look('R2');
  await vi.advanceTimersByTimeAsync(1000);
  await waiting[3]?.answer(found(2));
  expect(search.trouble).toBeNull();
});

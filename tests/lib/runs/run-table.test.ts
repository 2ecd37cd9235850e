import { describe, expect, it } from 'vitest';
import type { RunTable as Answer } from '#core/api/run-table.ts';
import { loadTable, RunTable } from '#lib/runs/run-table.svelte.ts';
import { readView } from '#lib/runs/table-view.ts';
import { tableAnswer, tableColumn, tableRow } from './table-rows.ts';

const plain = readView(new URLSearchParams());
const known = [
  { ...tableColumn('val.da'), runs: 4, values: [], range: null },
  { ...tableColumn('archived', { kind: 'truth', part: 'run' }), runs: 4, values: [], range: null },
];

/** A sidecar whose answers wait until they are let go, each with what was asked. */
function world(limit = 2) {
  const waiting: { readonly asked: URLSearchParams; answer(body: Answer): Promise<void> }[] = [];
  const fetcher = (path: string) =>
    new Promise<Response>((done) => {
      waiting.push({
        asked: new URL(path, 'http://x').searchParams,
        async answer(body) {
          done(Response.json(body));
          await new Promise((next) => setTimeout(next, 0));
        },
      });
    });
  const first = tableAnswer([tableRow(4), tableRow(3)], { total: 4, all: 4 });
  const table = new RunTable(plain, { answer: first, columns: known, trouble: null, index: null }, { fetcher, limit });
  return {
    waiting,
    table,
    numbers: () => [0, 1, 2, 3].map((at) => (table.entryAt(at) as { number?: number })?.number),
  };
}

describe('RunTable', () => {
  it('reads what comes into sight, once', async () => {
    const { waiting, table, numbers } = world();
    table.see(0, 2);
    expect(waiting).toEqual([]);
    table.see(1, 4);
    table.see(1, 4);
    expect(waiting.map(({ asked }) => [asked.get('offset'), asked.get('filter')])).toEqual([['2', 'not archived']]);
    expect(numbers()).toEqual([4, 3, undefined, undefined]);
    await waiting[0].answer(tableAnswer([tableRow(2), tableRow(1)], { total: 4, all: 4, offset: 2 }));
    expect(numbers()).toEqual([4, 3, 2, 1]);
  });

  it('drops the late answer of a view that is no longer asked for', async () => {
    const { waiting, table } = world();
    table.show({ ...plain, filter: 'val.da > 0.5' });
    table.show({ ...plain, filter: 'val.da > 0.6' });
    expect(waiting.map(({ asked }) => asked.get('filter'))).toEqual([
      '(val.da > 0.5) and not archived',
      '(val.da > 0.6) and not archived',
    ]);
    await waiting[1].answer(tableAnswer([tableRow(1)]));
    await waiting[0].answer(tableAnswer([tableRow(2), tableRow(3)]));
    expect([table.entries, table.entryAt(0)]).toEqual([1, tableRow(1)]);
    expect(table.isReading).toBe(false);
  });

  it('asks nothing for a filter that is wrong, says where, and keeps the rows', () => {
    const { waiting, table } = world();
    table.show({ ...plain, filter: 'val.dda > 0.5' });
    expect(table.fault).toMatchObject({ from: 0, to: 7, message: expect.stringContaining('val.da') });
    expect([waiting.length, table.entries]).toEqual([0, 4]);
    table.show(plain);
    expect([table.fault, waiting.length]).toEqual([null, 0]);
  });

  it('shows archived runs where a person asks for them', async () => {
    const { waiting, table } = world();
    table.show({ ...plain, archived: true });
    table.show({ ...plain, filter: 'archived' });
    expect(waiting.map(({ asked }) => asked.get('filter'))).toEqual(['', 'archived']);
  });

  it('is brought up to date by a difference, and asks for the whole where that does not fit', async () => {
    const { waiting, table, numbers } = world();
    const refreshed = table.refresh();
    expect(waiting[0].asked.get('since')).toBe('1');
    const part = { version: '2', isDifference: true, total: 5, all: 4 };
    await waiting[0].answer(tableAnswer([tableRow(5)], { ...part, order: ['run5', 'run4'] }));
    await refreshed;
    expect([table.entries, numbers().slice(0, 2)]).toEqual([5, [5, 4]]);
    const again = table.refresh();
    await waiting[1].answer(tableAnswer([], { ...part, version: '3', order: ['run7', 'run6'] }));
    expect(waiting[2].asked.get('since')).toBeNull();
    await waiting[2].answer(tableAnswer([tableRow(7), tableRow(6)], { version: '4', total: 7, all: 4 }));
    await again;
    expect(numbers().slice(0, 2)).toEqual([7, 6]);
  });

  it('knows the columns that came with new runs', async () => {
    const more = [...known, { ...known[0], key: 'model.dropout' }];
    const answer = tableAnswer([tableRow(1)]);
    const table = new RunTable(
      plain,
      { answer, columns: known, trouble: null, index: null },
      {
        fetcher: async (path) =>
          Response.json(
            path.startsWith('/api/runs/columns') ? { columns: more } : tableAnswer([tableRow(2), tableRow(1)]),
          ),
      },
    );
    await table.refresh();
    expect(table.known.map(({ key }) => key)).toEqual(['val.da', 'archived', 'model.dropout']);
  });

  it('keeps what it shows while the sidecar does not answer, and says so', async () => {
    const answer = tableAnswer([tableRow(1)]);
    const table = new RunTable(
      plain,
      { answer, columns: known, trouble: null, index: null },
      {
        fetcher: async () => Response.json({ error: { code: 'internal', message: 'down' } }, { status: 503 }),
      },
    );
    await table.refresh();
    expect([table.trouble, table.entries]).toEqual(['down', 1]);
  });
});

it('is read with its columns; what cannot be read is told in words', async () => {
  const columns = { columns: known };
  const index = { ok: true, version: '1', index: { state: 'ready', done: 0, total: 0, failed: [] } };
  const read = await loadTable(async (path) => {
    if (path.startsWith('/api/runs/columns')) return Response.json(columns);
    return Response.json(path.startsWith('/api/health') ? index : tableAnswer([tableRow(1)]));
  }, plain);
  expect([read.answer?.total, read.columns.length, read.trouble, read.index?.state]).toEqual([1, 2, null, 'ready']);
  const down = await loadTable(() => Promise.reject(new TypeError('refused')), plain);
  expect([down.answer, down.index, down.trouble]).toEqual([null, null, expect.stringContaining('does not answer')]);
});

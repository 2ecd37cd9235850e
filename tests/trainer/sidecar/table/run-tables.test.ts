import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunTable, tableQuery } from '#core/api/run-table.ts';
import { valueAt } from '#core/config/document.ts';
import type { FilterValue } from '#core/query/filter.ts';
import { selectedMetric } from '#core/run/run-ranking.ts';
import { isTrueOf, type Said, toText } from '#tests/core/query/said-filter.ts';
import { manyRunsId, writeManyRuns } from '#tests/support/many-runs.ts';
import { IndexFile } from '#trainer/sidecar/db/index-file.ts';
import { listRuns, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { Indexer } from '#trainer/sidecar/runs/indexer.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';
import { WorkspaceRecord } from '#trainer/sidecar/runs/workspace-record.ts';
import { RunTables } from '#trainer/sidecar/table/run-tables.ts';

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

/** A home of many runs, indexed, and its tables. */
async function openRuns(count: number) {
  const home = mkdtempSync(join(tmpdir(), 'almanac-'));
  const runsFolder = join(home, 'runs');
  mkdirSync(runsFolder);
  writeManyRuns(runsFolder, count, { epochs: 1 });
  const file = await IndexFile.open({ runsFolder });
  const { db } = file;
  opened.push(async () => {
    await db.destroy();
    rmSync(home, { recursive: true, force: true });
  });
  const record = new WorkspaceRecord({ db, runsFolder });
  const tailer = new Tailer({ db, runsFolder, publish: () => undefined });
  const tables: RunTables = new RunTables({ db }, () => Date.UTC(2026, 0, 10));
  const indexer = new Indexer({
    file,
    runsFolder,
    tailer,
    record,
    nameOf: (name) => name,
    exchanged: () => tables.forget(),
    warn: () => undefined,
  });
  await indexer.start();
  const read = (query: Partial<Record<keyof typeof tableQuery.shape, string>> = {}) => tables.read(tableQuery.parse({ limit: '1000', ...query })); // prettier-ignore
  return { db, record, indexer, tables, read, runsFolder };
}

const numbersOf = ({ rows }: RunTable) => rows.map(({ number }) => number);

describe('the table of runs', () => {
  let home: Awaited<ReturnType<typeof openRuns>>;
  let stored: readonly StoredRun[];
  beforeAll(async () => {
    home = await openRuns(45);
    stored = await listRuns(home.db, { sort: '-number', limit: 500, offset: 0 });
  });

  it('finds what a filter says, read by the letter of what the index holds', async () => {
    const columns = ['val.da', 'val.rmse_low', 'model.architecture', 'train.seed', 'tag', 'state', 'notebook', 'targets.horizon', 'data.split.purge']; // prettier-ignore
    const records = stored.map((run): Record<string, FilterValue> => ({
      ...Object.fromEntries(columns.map((key) => [key, (valueAt(run.config, key.split('.')) ?? null) as FilterValue])),
      'val.da': selectedMetric(run.view, 'val.da'),
      'val.rmse_low': selectedMetric(run.view, 'val.rmse_low'),
      tag: run.tags,
      state: run.status,
      notebook: run.notebook,
    }));
    expect(records.some((record) => record['val.da'] === null)).toBe(true);
    const number = fc.constantFrom(1, 3, 4, 12, 0.48, 0.5, 0.52, 0.55);
    const word = fc.constantFrom('tcn', 'MLP', 'old', 'paper', 'hourly', 'auto', 'x');
    const numeric = fc.constantFrom('val.da', 'val.rmse_low', 'train.seed', 'targets.horizon');
    const text = fc.constantFrom('model.architecture', 'tag', 'notebook', 'data.split.purge');
    const leaf: fc.Arbitrary<Said> = fc.oneof(
      fc.record({ say: fc.constant('side' as const), column: numeric, sign: fc.constantFrom('<', '<=', '>', '>=' as const), value: number }), // prettier-ignore
      fc.record({ say: fc.constant('between' as const), column: numeric, low: number, high: number, isClosed: fc.boolean() }), // prettier-ignore
      fc.record({ say: fc.constant('number' as const), column: numeric, values: fc.array(number, { minLength: 1, maxLength: 3 }) }), // prettier-ignore
      fc.record({ say: fc.constant('text' as const), column: text, values: fc.array(word, { minLength: 1, maxLength: 2 }) }), // prettier-ignore
      fc.record({ say: fc.constant('text' as const), column: fc.constant('state'), values: fc.constant(['failed']) }),
      fc.record({ say: fc.constant('part' as const), column: text, text: word }),
      fc.record({ say: fc.constant('missing' as const), column: fc.constantFrom(...columns) }),
    );
    const { said } = fc.letrec<{ said: Said }>((tie) => ({
      said: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ say: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(tie('said'), { minLength: 2, maxLength: 3 }) }), // prettier-ignore
        fc.record({ say: fc.constant('not' as const), part: tie('said') }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(said, fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }), async (one, style) => {
        const filter = toText(one, style);
        const expected = stored.flatMap(({ number: found }, at) => (isTrueOf(one, records[at]) ? [found] : []));
        expect([filter, numbersOf(await home.read({ filter, columns: 'val.da' }))]).toEqual([filter, expected]);
      }),
      { numRuns: 150 },
    );
  });

  it('has every run once over its pages, whatever the order', async () => {
    for (const sort of ['-val.da', 'created', 'model.architecture,-train.seed', 'name', 'took', '-tag']) {
      const whole = numbersOf(await home.read({ sort }));
      const paged: number[] = [];
      for (let offset = 0; offset < 45; offset += 10)
        paged.push(...numbersOf(await home.read({ sort, offset: String(offset), limit: '10' })));
      expect(paged).toEqual(whole);
      expect(new Set(whole).size).toBe(45);
    }
  });

  it('ranks by a score within the same rows only, and those without rows last and not at all', async () => {
    const { sections, rows, rowSets } = await home.read({ sort: '-val.da', columns: 'val.da' });
    expect(sections.map(({ rows: letter, isRanked }) => [letter, isRanked])).toEqual([['A', true], ['B', true], [null, false]].sort(([a], [b]) => (a === rows[0].rows ? -1 : b === rows[0].rows ? 1 : 0))); // prettier-ignore
    expect(sections.reduce((sum, { count }) => sum + count, 0)).toBe(45);
    let at = 0;
    for (const { rows: letter, count, isRanked } of sections) {
      const part = rows.slice(at, (at += count));
      expect(new Set(part.map((row) => row.rows))).toEqual(new Set([letter]));
      const values = part.map(({ cells }) => (typeof cells[0] === 'number' ? cells[0] : -1));
      if (isRanked) expect(values).toEqual([...values].sort((a, b) => b - a));
    }
    expect(rowSets.map(({ letter, difference }) => [letter, difference])).toEqual([
      ['A', null],
      ['B', expect.stringMatching(/^other horizon/)],
    ]);
    expect((await home.read({ sort: 'created' })).sections).toEqual([]);
  });

  it('groups runs of equal values on equal rows: mean, spread and number are those of what its filter finds', async () => {
    const { groups, lines, total } = await home.read({
      group: 'model.architecture',
      columns: 'val.da,train.seed,state',
    });
    expect([total, groups?.length]).toEqual([45, lines]);
    expect(groups?.reduce((sum, { n }) => sum + n, 0)).toBe(45);
    for (const group of groups ?? []) {
      const { rows } = await home.read({ filter: group.filter, columns: 'val.da' });
      expect(rows.map(({ id }) => id)).toEqual(group.runs.map(({ id }) => id));
      const values = rows.flatMap(({ cells }) => (typeof cells[0] === 'number' ? [cells[0]] : []));
      const [cell] = group.cells;
      if (values.length === 0) expect(cell).toEqual({ same: null });
      else if (group.n === 1) expect(cell).toEqual({ same: values[0] });
      else {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
        expect(cell).toMatchObject({ spread: { n: values.length, mean: expect.closeTo(mean, 12) } });
        if (values.length > 1) expect(cell).toMatchObject({ spread: { sd: expect.closeTo(sd, 12) } });
      }
    }
  });

  it('takes runs that differ in the seed alone for one setup', async () => {
    const { groups } = await home.read({ group: 'setup', columns: 'train.seed,model.architecture,targets.horizon' });
    const written = (run: StoredRun) => JSON.stringify({ ...run.config, train: { ...(run.config['train'] as object), seed: 0 } }); // prettier-ignore
    const ranked = (run: StoredRun) => run.view.evaluation?.validation.key ?? null;
    const expected = Map.groupBy(stored, (run) => `${written(run)} ${ranked(run)}`);
    expect(groups?.map(({ n }) => n).sort()).toEqual([...expected.values()].map(({ length }) => length).sort());
  });

  it('holds runs against a baseline where their rows are the same, and says why not', async () => {
    const pinned = stored.find(({ status }) => status === 'completed');
    const { rows, baseline } = await home.read({
      baseline: `R${pinned?.number}`,
      columns: 'val.da,val.loss,train.seed',
    });
    expect(baseline?.id).toBe(pinned?.id);
    for (const row of rows) {
      if (row.id === pinned?.id) expect([row.differences, row.withheld]).toEqual([null, null]);
      else if (row.cells[0] === null) expect(row.differences).toEqual({});
      else if (row.rows === baseline?.rows) {
        expect(row.withheld).toBeNull();
        expect(row.differences).toEqual({
          'val.da': expect.closeTo(Number(row.cells[0]) - Number(baseline?.cells[0]), 12),
          'val.loss': expect.closeTo(Number(row.cells[1]) - Number(baseline?.cells[1]), 12),
        });
      } else
        expect([row.differences, row.withheld]).toEqual([{}, expect.stringMatching(/^(other horizon|rows unknown)/)]);
    }
  });

  it('says nothing of a sealed test, and ranks by none', async () => {
    const { rows, hasTest, columns } = await home.read({ columns: 'test.da,val.da' });
    expect(hasTest).toBe(false);
    expect(new Set(rows.map(({ cells }) => cells[0]))).toEqual(new Set([null]));
    expect(columns.map(({ key, isSortable }) => [key, isSortable])).toEqual([
      ['test.da', false],
      ['val.da', true],
    ]);
    expect((await home.tables.columns()).some(({ key }) => key.startsWith('test.'))).toBe(false);
  });

  it('names the column that was meant, and where', async () => {
    await expect(home.read({ filter: 'tag:old and val.dda > 1' })).rejects.toMatchObject({
      code: 'invalid_filter',
      message: 'filter, at 13: There is no column val.dda. Did you mean val.da?',
      issues: [{ path: 'filter', column: 13 }],
    });
    await expect(home.read({ sort: '-architecture' })).rejects.toMatchObject({
      issues: [{ path: 'sort', message: 'There is no column architecture. Did you mean model.architecture?' }],
    });
    await expect(home.read({ group: 'modle.architecture' })).rejects.toThrow(/Did you mean model\.architecture\?/);
    const { notes, rows } = await home.read({ columns: 'val.daa,state' });
    expect(notes).toEqual([expect.stringMatching(/^There is no column val\.daa\. Did you mean val\.da/)]);
    expect(rows[0].cells).toEqual([null, rows[0].state]);
  });

  it('tells what there is to filter by', async () => {
    const columns = await home.tables.columns();
    const of = (key: string) => columns.find((column) => column.key === key);
    expect(of('model.architecture')).toMatchObject({ kind: 'text', part: 'configuration', runs: 45, range: null });
    expect(of('model.architecture')?.values).toContain('tcn');
    expect(of('train.seed')).toMatchObject({ kind: 'number', range: [1, 5] });
    expect(of('tag')?.values).toEqual(['old', 'keep', 'paper']);
    expect(of('val.da')).toMatchObject({ direction: 'higher', part: 'metric', runs: 43, values: [] });
    expect(new Set(columns.map(({ key }) => key)).size).toBe(columns.length);
  });
});

describe('a table that is asked for again', () => {
  it('gets the rows that differ, the whole order, and no more', async () => {
    const { read, record, db, runsFolder, indexer } = await openRuns(12);
    const first = await read();
    expect([first.isDifference, first.rows.length]).toEqual([false, 12]);
    const same = await read({ since: first.version });
    expect([same.isDifference, same.rows, same.version, same.order]).toEqual([true, [], first.version, first.order]);
    await record.say(manyRunsId(5), () => ({ tags: ['new'] }));
    const labelled = await read({ since: same.version });
    expect([labelled.isDifference, numbersOf(labelled), labelled.rows[0].tags]).toEqual([true, [5], ['new']]);
    expect(labelled.version).not.toBe(first.version);
    // Another query is another table.
    expect((await read({ since: labelled.version, sort: 'name' })).isDifference).toBe(false);
    expect((await read({ since: 'of-another-start' })).isDifference).toBe(false);
    await db.updateTable('runs').set({ deleted_at: '2026-01-01T00:00:00.000Z' }).where('number', '=', 7).execute();
    const binned = await read({ since: labelled.version });
    expect([binned.all, binned.order.length, binned.rows]).toEqual([11, 11, []]);
    expect(numbersOf(await read({ from: 'bin' }))).toEqual([7]);
    await db.updateTable('runs').set({ deleted_at: null }).where('number', '=', 7).execute();
    expect(numbersOf(await read({ since: binned.version }))).toEqual([7]);
    // Another index counts its changes anew.
    renameSync(join(runsFolder, manyRunsId(3)), join(runsFolder, '..', 'away'));
    await indexer.reindex();
    const rebuilt = await read();
    expect(rebuilt.order).toEqual(first.order.filter((id) => id !== manyRunsId(3)));
    expect(rebuilt.rows.find(({ number }) => number === 5)?.tags).toEqual(['new']);
  });
});

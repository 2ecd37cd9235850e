import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { requireConfig } from '#core/config/compile.ts';
import { evaluationSchema } from '#core/run/evaluation.ts';
import { loadBars } from '#trainer/data/load.ts';
import { loadDataset } from '#trainer/process/load-dataset.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/bars', import.meta.url));
const names = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** 300 hours from 2023-03-01 on, as the Parquet file has them. */
let bars: Bars;
const data = (source: string) => requireConfig({ config: { data: { source } } }).config.data;
beforeAll(async () => void ({ bars } = await loadBars(data('snappy.parquet'), { roots: [fixtures] })));

const shares = { horizon: 3, split: {} };
const pinned = { horizon: 3, split: { validation_from: '2023-03-09T08:00Z', test_from: '2023-03-11' } };

/** Loads what `text` says of the bars as a run would, and answers the keys; they stand in data.json too. */
async function keysOf(name: string, text: string | null, { horizon, split }: typeof shares): Promise<[string, string]> {
  const home = temporaryFolder();
  const folder = join(home, 'runs', 'r');
  for (const made of [folder, join(home, 'notebooks')]) mkdirSync(made, { recursive: true });
  if (text !== null) writeFileSync(join(home, 'notebooks', name), text);
  const { config } = requireConfig({
    config: {
      data: { source: name, split },
      features: { timeframes: { '1h': { log_return: {} } } },
      targets: { horizon },
      model: { lookback: 8 },
    },
  });
  const env = { ALMANAC_HOME: home, ALMANAC_DATA_DIRS: fixtures };
  const { evaluation, settled } = await loadDataset(config, { folder, env, say: () => undefined });
  await settled();
  const written = evaluationSchema.parse(JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8')).evaluation);
  expect(written).toEqual(evaluation);
  for (const { key } of [evaluation.validation, evaluation.test]) expect(key).toMatch(/^[0-9a-f]{64}$/);
  return [evaluation.validation.key, evaluation.test.key];
}

const rows = (from = 0, to = 300) =>
  Array.from({ length: to - from }, (_, k) => names.map((name) => bars[name][from + k]));
const csv = (of: readonly number[][]) =>
  [names, ...of.map(([time, ...values]) => [new Date(time).toISOString(), ...values])].join('\n');

describe('evaluation keys', () => {
  it('are the same for the same bars as Parquet, CSV, JSON and JSON lines', async () => {
    const parquet = await keysOf('snappy.parquet', null, shares);
    expect(await keysOf('a.csv', csv(rows()), shares)).toEqual(parquet);
    expect(await keysOf('b.json', JSON.stringify(rows()), shares)).toEqual(parquet);
    const lines = rows().map((row) => JSON.stringify(Object.fromEntries(names.map((name, k) => [name, row[k]]))));
    expect(await keysOf('c.jsonl', lines.join('\n'), shares)).toEqual(parquet);
    expect(parquet[0]).not.toBe(parquet[1]);
  });

  it('stay for a file that begins later, and the validation key for one that goes on', async () => {
    const [validation, test] = await keysOf('a.csv', csv(rows()), pinned);
    expect(await keysOf('a.csv', csv(rows(70)), pinned)).toEqual([validation, test]);
    const [same, other] = await keysOf('a.csv', csv(rows(0, 280)), pinned);
    expect(same).toBe(validation);
    expect(other).not.toBe(test);
  });

  it('are others where a price inside, the horizon or a boundary is', async () => {
    const [validation, test] = await keysOf('a.csv', csv(rows()), pinned);
    const bent = rows().map((row, k) => (k === 210 ? row.map((value, c) => (c === 4 ? value + 0.01 : value)) : row));
    const [price, kept] = await keysOf('a.csv', csv(bent), pinned);
    expect([price === validation, kept === test]).toEqual([false, true]);
    const others = await Promise.all([
      keysOf('a.csv', csv(rows()), { ...pinned, horizon: 4 }),
      keysOf('a.csv', csv(rows()), { ...pinned, split: { ...pinned.split, test_from: '2023-03-11T01:00Z' } }),
    ]);
    for (const [first, second] of others) expect([first === validation, second === test]).toEqual([false, false]);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { day, hour, minute } from '#core/time/timeframe.ts';
import { dataSchema } from '#core/config/data.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';
import { loadBars } from '#trainer/data/load.ts';
import { cells, readFile } from './read-file.ts';

const folder = join(sharedDataFolder, 'odd');
const ohlcv = ['open', 'high', 'low', 'close', 'volume'];

/** What a reader finds in a file: names, rows, and the first of them. */
const tables: Record<string, readonly [names: readonly string[] | null, rows: number, first: string]> = {
  'alphavantage.json': [
    ['', '1. open', '2. high', '3. low', '4. close', '5. volume'],
    60,
    '2024-03-04 00:00:00 100 100.16 99.01 99.43 1487',
  ],
  'ccxt_strings.json': [null, 60, '1735603200000 100 101.07 99.72 100.88 922'],
  'off_neg.json': [['date', ...ohlcv], 80, '2024-03-01T00:00:00-05:00 100 100.26 99.63 99.74 1035'],
  'pandas_columns.json': [['', ...ohlcv], 60, '1735603200000 100 100.33 99.98 100.33 1456'],
  'pandas_nan.json': [['date', ...ohlcv], 1, '2024-03-04 00:00 1 1 1  1'],
  'pandas_split.json': [['', ...ohlcv], 60, '1735603200000 100 100.33 99.98 100.33 1456'],
  'polygon.json': [['v', 'vw', 'o', 'c', 'h', 'l', 't', 'n'], 60, '573 98.1 100 98.1 100.35 97.82 1735603200000 5'],
  'yahoo_chart.json': [['timestamp', ...ohlcv], 60, '1735603200 100 100.33 99.98 100.33 1456'],
  'off_neg_str.parquet': [['date', ...ohlcv], 80, '2024-03-01T00:00:00-05:00 100 100.26 99.63 99.74 1035'],
  'pq_categorical.parquet': [['date', ...ohlcv, 'symbol'], 80, '2024-03-01 00:00:00 100 100.26 99.63 99.74 1035 XYZ'],
  'pq_cols_title.parquet': [
    ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'],
    80,
    '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035',
  ],
  'pq_decimal_date32.parquet': [['date', ...ohlcv], 80, '2024-01-01 100 100.26 99.63 99.74 1035'],
  'pq_f32.parquet': [
    ['date', ...ohlcv],
    80,
    `2024-03-01T00:00:00.000Z 100 ${[100.26, 99.63, 99.74].map(Math.fround).join(' ')} 1035`,
  ],
  'pq_idx_unnamed.parquet': [['', ...ohlcv], 80, '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_int96.parquet': [['date', ...ohlcv], 80, '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_ms.parquet': [['date', ...ohlcv], 80, '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_multiindex.parquet': [
    ['symbol', 'date', ...ohlcv],
    80,
    'XYZ 2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035',
  ],
  'pq_nan_uint.parquet': [['date', ...ohlcv], 80, '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_ns.parquet': [['date', ...ohlcv], 80, '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_tz.parquet': [['Datetime', ...ohlcv], 80, '2024-03-01T05:00:00.000Z 100 100.26 99.63 99.74 1035'],
  'pq_yf_multi.parquet': [
    ['Datetime', 'Open', 'High', 'Low', 'Close', 'Volume'],
    80,
    '2024-03-01T00:00:00.000Z 100 100.26 99.63 99.74 1035',
  ],
};

const naive = ['cols_title', 'f32', 'idx_unnamed', 'int96', 'ms', 'multiindex', 'nan_uint', 'ns', 'yf_multi'];

/** Bars that come out on the defaults: first time, step, how many, and how many rows were dropped. */
const bars: Record<string, readonly [first: string, step: number, bars: number, dropped: number]> = {
  'ccxt_strings.json': ['2024-12-31T00:00', minute, 60, 0],
  'polygon.json': ['2024-12-31T00:00', hour, 60, 0],
  'yahoo_chart.json': ['2024-12-31T00:00', minute, 60, 0],
  'XYZ-1m-2025-01-01.zip': ['2025-01-01T00:00', minute, 1440, 0],
  'really_gzip.csv': ['2025-01-01T00:00', minute, 1440, 0],
  'really_zip.csv': ['2025-01-01T00:00', minute, 1440, 0],
  'pq_decimal_date32.parquet': ['2024-01-01T00:00', day, 80, 0],
  'pq_f32.parquet': ['2024-03-01T00:00', hour, 80, 0],
  'pq_nan_uint.parquet': ['2024-03-01T00:00', hour, 79, 1],
  'pq_tz.parquet': ['2024-03-01T05:00', hour, 80, 0],
  'pq_yf_multi.parquet': ['2024-03-01T00:00', hour, 80, 0],
};

describe.skipIf(!hasSharedData)('odd files (skipped where the shared data folder is absent)', () => {
  const load = (source: string) => loadBars(dataSchema.parse({ source }), { roots: [folder] });

  it.each(Object.entries(tables))('%s is read', async (name, [names, rows, first]) => {
    const table = await readFile(join(folder, name));
    expect(table.names).toEqual(names);
    expect(table.rows).toBe(rows);
    expect(cells(table, 0).join(' ')).toBe(first);
  });

  it.each(naive)('pq_%s.parquet has times of a clock without a zone', async (name) => {
    const { names, columns } = await readFile(join(folder, `pq_${name}.parquet`));
    expect(columns.flatMap((column, index) => (column.naive ? [names![index].toLowerCase()] : []))).toHaveLength(1);
  });

  it.each(Object.entries(bars))('%s gives bars', async (name, [first, step, count, dropped]) => {
    const loaded = await load(name);
    expect(new Date(loaded.bars.time[0]).toISOString().slice(0, 16)).toBe(first);
    expect(loaded.bars.step).toBe(step);
    expect(loaded.bars.time).toHaveLength(count);
    expect(loaded.report.rowsRead - loaded.report.bars).toBe(dropped);
  });

  it('joins the zip of one day with the file of the day before, whose unit is another', async () => {
    const { bars, files } = await load('XYZ-1m-202?-*.*');
    expect(files).toEqual(['XYZ-1m-2024-12-31.csv', 'XYZ-1m-2025-01-01.csv', 'XYZ-1m-2025-01-01.zip']);
    expect(bars.time).toHaveLength(2880);
  });

  it('ft.feather is named, and not read', async () => {
    await expect(load('ft.feather')).rejects.toThrow(
      /Feather \(Arrow\), which is not read\. Save it as Parquet or CSV/,
    );
    await expect(readFile(join(folder, 'ft.feather'))).rejects.toThrow(/Feather \(Arrow\)/);
  });
});

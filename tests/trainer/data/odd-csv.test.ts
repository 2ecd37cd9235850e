import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { day, hour } from '#core/time/timeframe.ts';
import { dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';
import { readTable } from '#trainer/data/read.ts';
import { defaultLimits } from '#trainer/data/source-file.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';
import { row } from './read-text.ts';

const folder = `${sharedDataFolder}odd/`;
const small = 'date,open,high,low,close,volume'.split(',');
const capital = 'Date,Open,High,Low,Close,Volume'.split(',');
const meta = '<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>,<VOL>,<SPREAD>'.split(',');
const two = 'Date,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume'.split(',');
const pair = two.map((_, k) => (k === 0 ? null : k % 2 === 1 ? 'AAA' : 'BBB'));
const acme = (columns: number) => Array.from({ length: columns }, (_, k) => (k === 0 ? null : 'ACME'));

interface Expected {
  readonly names: readonly string[] | null;
  readonly instruments?: readonly (string | null)[];
  readonly rows: number;
  /** The first row as text. */
  readonly first: string;
  readonly notes?: readonly (string | RegExp)[];
  /** What loading it whole comes to, where that needs nothing but the layout. */
  readonly bars?: { readonly from: string; readonly step: number; readonly close: number; readonly count: number };
}

const days = (close: number, count = 80) => ({ from: '2024-01-01T00:00', step: day, close, count });
const monday = (count = 60) => ({ from: '2024-03-04T00:00', step: hour, close: 99.43, count });
const stamp = '2024-03-04 00:00:00 100 100.16 99.01 99.43 1487';
const first = '2024-01-01 100 100.26 99.63 99.74 1035';

/** The files whose difficulty is their layout. */
const files: Record<string, Expected> = {
  'blank_index_name.csv': { names: ['', ...small.slice(1)], rows: 60, first: stamp },
  'unnamed_index.csv': {
    names: ['Unnamed: 0', ...small],
    rows: 60,
    first: '0 2024-03-04 00:00:00 100 100.6 98.88 99.61 1342',
    bars: { ...monday(), close: 99.61 },
  },
  'cdd_new.csv': {
    names: ['unix', 'date', 'symbol', 'open', 'high', 'low', 'close', 'Volume XYZ', 'Volume USD'],
    rows: 60,
    first: '1735603200 2024-12-31 00:00:00 XYZ/USD 100 100.68 99.79 99.9 543 54245.7',
    notes: ['1 line above the table skipped'],
  },
  'chinese.csv': { names: ['日期', '开盘', '最高', '最低', '收盘', '成交量'], rows: 60, first: stamp },
  'concat_headers.csv': {
    names: small,
    rows: 60,
    first: stamp,
    notes: ['1 repeated header line skipped'],
    bars: monday(),
  },
  'footer.csv': {
    names: small,
    rows: 80,
    first,
    notes: [/^1 line without a time or a number skipped: "Data provided for free by X/],
    bars: days(99.74),
  },
  'hash_header.csv': {
    names: small,
    rows: 80,
    first,
    notes: ['the header is the line that begins with #'],
    bars: days(99.74),
  },
  'hash_order.csv': {
    names: ['date', 'close', 'open', 'high', 'low', 'volume'],
    rows: 30,
    first: '2024-03-04 100 101 102 99 5',
    notes: ['the header is the line that begins with #'],
    bars: { from: '2024-03-04T00:00', step: day, close: 100, count: 30 },
  },
  'headerless_oc.csv': {
    names: null,
    rows: 30,
    first: '2024-03-04 100 101 103 98 5',
  },
  'only_header.csv': { names: small, rows: 0, first: '' },
  'one_row.csv': { names: small, rows: 1, first },
  'mt5_daily.csv': {
    names: meta.filter((name) => name !== '<TIME>'),
    rows: 60,
    first: '2023.01.02 1.1 1.10017 1.09905 1.09972 1097 0 8',
  },
  'mt5_utf16.csv': {
    names: meta,
    rows: 60,
    first: '2024.03.04 00:00:00 1.1 1.10038 1.0998 1.10008 534 0 8',
    bars: { ...monday(), close: 1.10008 },
  },
  'mt5_utf16_nobom.csv': {
    names: meta,
    rows: 60,
    first: '2024.03.04 00:00:00 1.1 1.10038 1.0998 1.10008 534 0 8',
    bars: { ...monday(), close: 1.10008 },
  },
  'german.csv': {
    names: ['Datum', 'Erster', 'Hoch', 'Tief', 'Schlusskurs', 'Stuecke'],
    rows: 60,
    first: '24.03.2023 4.016,71 4.019,89 3.985,69 3.997,12 1.086.000',
  },
  'tab_decimal_comma.tsv': { names: small, rows: 60, first: '2023-01-02 100,0 101,45 99,59 100,93 557' },
  'quoted_decimal_comma.csv': { names: small, rows: 60, first: '2023-01-02 100,0 100,21 99,91 99,93 806' },
  'nbsp_thousand.csv': {
    names: small,
    rows: 80,
    first: '2024-01-01 1\u00a0100,0 1\u00a0200,5 1\u00a0000,5 1\u00a0100,5 10',
  },
  'sep_line.csv': {
    names: capital,
    rows: 60,
    first: '2023-01-02 100 100.03 98.63 98.99 750',
    bars: { from: '2023-01-02T00:00', step: day, close: 98.99, count: 60 },
  },
  'spaces.csv': { names: small, rows: 80, first, bars: days(99.74) },
  'trailing_comma.csv': { names: small, rows: 60, first: stamp, bars: monday() },
  'trailing_comma_rows_only.csv': { names: small, rows: 60, first: stamp, bars: monday() },
  'unit_header.csv': {
    names: ['Date', 'Open (USD)', 'High (USD)', 'Low (USD)', 'Close (USD)', 'Volume (BTC)'],
    rows: 80,
    first,
  },
  'yf_multi.csv': {
    names: ['Date', 'Close', 'High', 'Low', 'Open', 'Volume'],
    instruments: acme(6),
    rows: 60,
    first: '2023-01-02 4490.8 4509.21 4486.74 4500 1035',
    notes: ['3 header lines joined: "ACME" named as instrument'],
    bars: { from: '2023-01-02T00:00', step: day, close: 4490.8, count: 60 },
  },
  'yf_ticker.csv': {
    names: ['Date', 'Open', 'High', 'Low', 'Close', 'Adj Close', 'Volume'],
    instruments: acme(7),
    rows: 60,
    first: '2023-01-02 4500 4509.21 4486.74 4490.8 4490.8 1035',
    notes: ['3 header lines joined: "ACME" named as instrument'],
    bars: { from: '2023-01-02T00:00', step: day, close: 4490.8, count: 60 },
  },
  'yf_two.csv': {
    names: two,
    instruments: pair,
    rows: 60,
    first: '2023-01-02 4490.8 8981.6 4509.21 9018.42 4486.74 8973.48 4500 9000 1035 2070',
    notes: ['3 header lines joined: "AAA", "BBB" named as instrument'],
  },
  'yf_two_reset.csv': {
    names: two,
    instruments: pair,
    rows: 60,
    first: '2023-01-02 4490.8 8981.6 4509.21 9018.42 4486.74 8973.48 4500 9000 1035 2070',
    notes: ['2 header lines joined: "AAA", "BBB" named as instrument'],
  },
};

describe.skipIf(!hasSharedData)('layouts as people export them (skipped without the shared data folder)', () => {
  it.each(Object.entries(files))('%s', async (name, { names, instruments = null, rows, first, notes = [], bars }) => {
    const handle = await open(`${folder}${name}`);
    try {
      const { size } = await handle.stat();
      const table = await readTable({ handle, name, size, limits: defaultLimits });
      expect(table).toMatchObject({ names, instruments, rows });
      if (rows > 0) expect(row(table, 0).join(' ')).toBe(first);
      expect(table.notes).toHaveLength(notes.length);
      for (const [k, note] of notes.entries()) expect(table.notes[k]).toMatch(note);
    } finally {
      await handle.close();
    }
    if (!bars) return;
    const loaded = await loadBars(dataSchema.parse({ source: name }), { roots: [folder] });
    expect(new Date(loaded.bars.time[0]).toISOString().slice(0, 16)).toBe(bars.from);
    expect(loaded.bars.step).toBe(bars.step);
    expect(loaded.bars.close[0]).toBe(bars.close);
    expect(loaded.report).toMatchObject({ rowsRead: rows, bars: bars.count, unparsableTime: 0, invalidRows: 0 });
  });
});

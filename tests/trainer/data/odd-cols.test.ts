import { describe, expect, it } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { hour, minute } from '#core/time/timeframe.ts';
import { loadBars } from '#trainer/data/load.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** Files as people export them lie beside the checkout; without them the variants of tests/core/bars remain. */
describe.skipIf(!hasSharedData)('columns of odd files (skipped where the shared data folder is absent)', () => {
  const load = (file: string, data: Readonly<Record<string, unknown>> = {}) =>
    loadBars(dataSchema.parse({ source: `odd/${file}`, ...data }), { roots: [sharedDataFolder] });
  const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

  interface Expected {
    readonly columns: string;
    readonly first: string;
    readonly bars: number;
    readonly close: number;
    readonly unused?: string;
    readonly symbol?: string;
    readonly says?: RegExp;
  }

  const files: Readonly<Record<string, Expected>> = {
    'alphavantage.csv': {
      columns: 'timestamp,1. open,2. high,3. low,4. close,5. volume',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 99.43,
    },
    'blank_index_name.csv': {
      columns: '#1,open,high,low,close,volume',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 99.43,
    },
    'unnamed_index.csv': {
      columns: 'date,open,high,low,close,volume',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 99.61,
      unused: 'Unnamed: 0',
    },
    'unit_header.csv': {
      columns: 'Date,Open (USD),High (USD),Low (USD),Close (USD),Volume (BTC)',
      first: '2024-01-01T00:00',
      bars: 80,
      close: 99.74,
    },
    'time_utc_paren.csv': {
      columns: 'Time (UTC),Open,High,Low,Close,Volume',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 1.10138,
    },
    'duka_jforex.csv': {
      columns: 'Time (EET),Open,High,Low,Close,Volume',
      first: '2024-03-03T22:00',
      bars: 60,
      close: 1.10138,
      says: /times are those of EET/,
    },
    'duka_gmt.csv': {
      columns: 'Gmt time,Open,High,Low,Close,Volume',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 1.1006,
    },
    'chinese.csv': { columns: '日期,开盘,最高,最低,收盘,成交量', first: '2024-03-04T00:00', bars: 60, close: 99.43 },
    'fred.csv': {
      columns: 'observation_date,DEXUSEU,DEXUSEU,DEXUSEU,DEXUSEU,',
      first: '2024-01-02T00:00',
      bars: 71,
      close: 99.43,
      says: /only column of numbers/,
    },
    'adj_only.csv': {
      columns: 'Date,Adj Close,Adj Close,Adj Close,Adj Close,Volume',
      first: '2024-01-01T00:00',
      bars: 80,
      close: 99.74,
      says: /adjusted for dividends/,
    },
    'yahoo_null.csv': {
      columns: 'Date,Open,High,Low,Close,Volume',
      first: '2023-01-02T00:00',
      bars: 57,
      close: 176.17,
      unused: 'Adj Close',
      says: /"Adj Close" is not used/,
    },
    'cdd_new.csv': {
      columns: 'unix,open,high,low,close,Volume XYZ',
      first: '2024-12-28T13:00',
      bars: 60,
      close: 105.49,
      unused: 'date,Volume USD',
      symbol: 'XYZ/USD',
    },
    'volume_usd_first.csv': {
      columns: 'unix,open,high,low,close,Volume XYZ',
      first: '2024-12-28T13:00',
      bars: 60,
      close: 111.68,
      unused: 'Volume USD',
      says: /not "Volume USD"/,
    },
    'oanda.csv': {
      columns: 'time,bid_o,bid_h,bid_l,bid_c,volume',
      first: '2024-03-04T00:00',
      bars: 30,
      close: 1.15,
      unused: 'ask_o,ask_h,ask_l,ask_c',
      says: /those of the bid/,
    },
    'headerless_oc.csv': {
      columns: '#1,#2,#4,#5,#3,#6',
      first: '2024-03-04T00:00',
      bars: 30,
      close: 101,
      says: /in the order time, open, close, high, low, volume/,
    },
    'mt5_daily.csv': {
      columns: '<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>',
      first: '2023-01-02T00:00',
      bars: 60,
      close: 1.09972,
      unused: '<VOL>,<SPREAD>',
      says: /"<VOL>" is 0 throughout/,
    },
    'stooq.txt': {
      columns: '<DATE> + <TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>',
      first: '2024-03-04T00:00',
      bars: 60,
      close: 100.33,
      unused: '<PER>,<OPENINT>',
      symbol: 'XYZ.US',
    },
    'kraken.csv': { columns: '#1,#2,#3,#4,#5,#6', first: '2024-12-31T00:01', bars: 342, close: 30.46, unused: '#7' },
    'pq_categorical.parquet': {
      columns: 'date,open,high,low,close,volume',
      first: '2024-03-01T00:00',
      bars: 80,
      close: 99.74,
      symbol: 'XYZ',
    },
  };

  it.each(Object.entries(files))('%s', async (file, expected) => {
    const { bars, report } = await load(file);
    const { time, open, high, low, close, volume = '' } = report.columns;
    expect([time, open, high, low, close, volume].join(',')).toBe(expected.columns);
    expect(iso(bars.time[0])).toBe(expected.first);
    expect(report.bars).toBe(expected.bars);
    expect(bars.close[0]).toBe(expected.close);
    expect(report.unused.join(',')).toBe(expected.unused ?? '');
    expect(report.symbol).toBe(expected.symbol ?? null);
    expect(report.notes.join('\n')).toMatch(expected.says ?? /^/);
  });

  it.each(['long_two_symbols.csv', 'long_disjoint.csv'])('%s is refused, and read with data.symbol', async (file) => {
    await expect(load(file)).rejects.toMatchObject({
      code: 'data_unreadable',
      message: expect.stringMatching(/has 2 values, "AAA", "BBB"\. Choose one with data\.symbol: AAA/) as unknown,
      issues: [{ path: 'data.symbol' }],
    });
    const { bars, report } = await load(file, { symbol: 'BBB' });
    expect(report.symbol).toBe('BBB');
    expect(report.otherInstruments).toBe(report.rowsRead - report.bars);
    expect(Math.min(...bars.low)).toBeGreaterThan(200);
  });

  it.each(['FUT-1m-*', 'XYZ-1m-*.csv'])('%s joins both days across the change of unit or header', async (pattern) => {
    const { report, files: names } = await load(pattern.replace(/\*$/, '*.csv'));
    expect(report).toMatchObject({ bars: 2880, step: minute, gaps: 0, inversions: 0 });
    expect(names).toHaveLength(2);
  });

  it('refuses patterns over files of different markets by their names', async () => {
    await expect(load('*-1m-*.csv')).rejects.toMatchObject({
      message: expect.stringMatching(/2 instruments by their names: fut \(FUT-1m-2024-12-31\.csv\), xyz/) as unknown,
      issues: [{ path: 'data.symbol' }],
    });
    const { report, files: names } = await load('*-1m-*.csv', { symbol: 'XYZ' });
    expect(names).toEqual(['XYZ-1m-2024-12-31.csv', 'XYZ-1m-2025-01-01.csv']);
    expect(report).toMatchObject({ bars: 2880 });
    expect(report.notes).toContain('2 files named after other instruments left out');
  });

  it('reads a column of a table without prices once it is named', async () => {
    const source = (file: string, columns: object) =>
      loadBars(dataSchema.parse({ source: file, columns }), { roots: [sharedDataFolder] });
    await expect(source('etth1.csv', {})).rejects.toMatchObject({ issues: [{ path: 'data.columns.close' }] });
    const { report } = await source('etth1.csv', { close: 'OT' });
    expect(report).toMatchObject({ step: hour, columns: { time: 'date', close: 'OT' } });
  });
});

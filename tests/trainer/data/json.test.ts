import { describe, expect, it } from 'vitest';
import { cells, readContent } from './read-file.ts';

const t = [1735603200000, 1735606800000];
const bars = [
  [1, 3, 0.5, 2, 10],
  [2, 4, 1.5, 3, 20],
];
const names = ['open', 'high', 'low', 'close', 'volume'];
const objects = bars.map((bar, row) => ({
  time: t[row],
  ...Object.fromEntries(names.map((name, k) => [name, bar[k]])),
}));
const columns = Object.fromEntries(names.map((name, k) => [name, bars.map((bar) => bar[k])]));
const rows = bars.map((bar, row) => [t[row], ...bar]);
const keyed = (keys: readonly (string | number)[]) =>
  Object.fromEntries(keys.map((key, row) => [key, { ...objects[row], time: undefined }]));

interface Expected {
  readonly value: unknown;
  readonly names: readonly string[] | null;
  /** Cells of the second row. */
  readonly second: readonly (string | number)[];
  readonly instruments?: readonly (string | null)[];
  readonly rows?: number;
}
const named = ['time', ...names];
const unnamed = ['', ...names];
const second = [t[1], 2, 4, 1.5, 3, 20];

const shapes: Record<string, Expected> = {
  'rows, as ccxt, pandas (values) and Binance have them': { value: rows, names: null, second },
  'rows of strings': { value: rows.map((row) => row.map(String)), names: null, second },
  'rows below a header': { value: [named, ...rows], names: named, second },
  'objects, as pandas (records), Tiingo and IEX have them': { value: objects, names: named, second },
  'columns, as TradingView and Finnhub have them': {
    value: { s: 'ok', t, o: columns.open, c: columns.close },
    names: ['t', 'o', 'c'],
    second: [t[1], 2, 3],
  },
  'pandas split': { value: { columns: names, index: t, data: bars }, names: unnamed, second },
  'pandas split whose index only counts': {
    value: { columns: named, index: [0, 1], data: rows },
    names: named,
    second,
  },
  'pandas split with two levels of columns': {
    value: {
      columns: [
        ['Close', 'ACME'],
        ['Open', 'ACME'],
      ],
      index: t,
      data: [
        [1, 2],
        [3, 4],
      ],
    },
    names: ['', 'Close', 'Open'],
    instruments: [null, 'ACME', 'ACME'],
    second: [t[1], 3, 4],
  },
  'pandas split with two levels of index': {
    value: {
      columns: ['close'],
      index: [
        ['A', t[0]],
        ['A', t[1]],
      ],
      data: [[1], [2]],
    },
    names: ['', '', 'close'],
    second: ['A', t[1], 2],
  },
  'pandas split without names of columns': {
    value: { columns: [0, 1, 2, 3, 4, 5], index: [0, 1], data: rows },
    names: null,
    second,
  },
  'pandas columns': {
    value: Object.fromEntries(names.map((name, k) => [name, { [t[0]]: bars[0][k], [t[1]]: bars[1][k] }])),
    names: unnamed,
    second,
  },
  'pandas columns whose index only counts': {
    value: { date: { 0: '2024-01-01', 1: '2024-01-02' }, close: { 0: 1, 1: 2 } },
    names: ['date', 'close'],
    second: ['2024-01-02', 2],
  },
  'pandas columns of two levels, with a cell that is missing': {
    value: {
      "('Close', 'ACME')": { '2024-01-01T00:00:00.000': 1, '2024-01-02T00:00:00.000': 2 },
      "('Open', 'ACME')": { '2024-01-01T00:00:00.000': 3 },
    },
    names: ['', 'Close', 'Open'],
    instruments: [null, 'ACME', 'ACME'],
    second: ['2024-01-02T00:00:00.000', 2, ''],
  },
  'pandas index': {
    value: keyed(['2024-01-01T05:00:00.000Z', '2024-01-01T06:00:00.000Z']),
    names: ['', ...names],
    second: ['2024-01-01T06:00:00.000Z', 2, 4, 1.5, 3, 20],
  },
  'pandas table': {
    value: {
      schema: {
        fields: [
          { name: 'index', type: 'datetime' },
          { name: 'close', type: 'number' },
        ],
        primaryKey: ['index'],
      },
      data: [
        { index: '2024-01-01T00:00:00.000', close: 1 },
        { index: '2024-01-01T01:00:00.000', close: 2 },
      ],
    },
    names: ['', 'close'],
    second: ['2024-01-01T01:00:00.000', 2],
  },
  'pandas table with a named index': {
    value: {
      schema: { primaryKey: ['Date'] },
      data: [
        { Date: '2024-01-01', close: 1 },
        { Date: '2024-01-02', close: 2 },
      ],
    },
    names: ['Date', 'close'],
    second: ['2024-01-02', 2],
  },
  Polygon: {
    value: {
      ticker: 'XYZ',
      status: 'OK',
      results: t.map((time, row) => ({ v: 10, vw: 1.5, o: 1, c: row + 1, h: 3, l: 1, t: time, n: 5 })),
    },
    names: ['v', 'vw', 'o', 'c', 'h', 'l', 't', 'n'],
    instruments: Array.from({ length: 8 }, () => 'XYZ'),
    second: [10, 1.5, 1, 2, 3, 1, t[1], 5],
  },
  'the chart of Yahoo': {
    value: {
      chart: {
        result: [
          {
            meta: { symbol: 'XYZ' },
            timestamp: t,
            indicators: { quote: [columns], adjclose: [{ adjclose: [1.9, 2.9] }] },
          },
        ],
        error: null,
      },
    },
    names: ['timestamp', ...names, 'adjclose'],
    instruments: Array.from({ length: 7 }, () => 'XYZ'),
    second: [...second, 2.9],
  },
  'Alpha Vantage, with its zone': {
    value: {
      'Meta Data': { '1. Information': 'x', '2. Symbol': 'IBM', '6. Time Zone': 'US/Eastern' },
      'Time Series (60min)': {
        '2024-03-04 10:00:00': { '1. open': '1', '4. close': '2' },
        '2024-03-04 09:00:00': { '1. open': '3', '4. close': '4' },
      },
    },
    names: ['time (US/Eastern)', '1. open', '4. close'],
    instruments: ['IBM', 'IBM', 'IBM'],
    second: ['2024-03-04 09:00:00', 3, 4],
  },
  'Twelve Data, with its zone': {
    value: {
      meta: { symbol: 'AAPL', exchange_timezone: 'America/New_York' },
      values: [
        { datetime: '2024-03-04 10:00:00', close: '1' },
        { datetime: '2024-03-04 09:00:00', close: '2' },
      ],
      status: 'ok',
    },
    names: ['datetime (America/New_York)', 'close'],
    instruments: ['AAPL', 'AAPL'],
    second: ['2024-03-04 09:00:00', 2],
  },
  'several instruments of Twelve Data and Alpaca': {
    value: {
      AAPL: { values: [{ datetime: '2024-03-04', close: '1' }], status: 'ok' },
      MSFT: { values: [{ datetime: '2024-03-04', close: '2' }] },
    },
    names: ['symbol', 'datetime', 'close'],
    second: ['MSFT', '2024-03-04', 2],
  },
  'Alpaca with one instrument': {
    value: {
      bars: {
        AAPL: [
          { t: '2024-03-04T05:00:00Z', o: 1, c: 2 },
          { t: '2024-03-05T05:00:00Z', o: 2, c: 3 },
        ],
      },
      next_page_token: null,
    },
    names: ['t', 'o', 'c'],
    instruments: ['AAPL', 'AAPL', 'AAPL'],
    second: ['2024-03-05T05:00:00Z', 2, 3],
  },
  'Kraken, whose sixth number is no volume': {
    value: {
      error: [],
      result: { XXBTZUSD: t.map((time) => [time / 1000, '1', '3', '1', '2', '1.5', '10', 7]), last: 1735606800 },
    },
    names: ['time', 'open', 'high', 'low', 'close', 'vwap', 'volume', 'count'],
    instruments: Array.from({ length: 8 }, () => 'XXBTZUSD'),
    second: [t[1] / 1000, 1, 3, 1, 2, 1.5, 10, 7],
  },
  Bitstamp: {
    value: { data: { ohlc: objects, pair: 'BTC/USD' } },
    names: named,
    instruments: named.map(() => 'BTC/USD'),
    second,
  },
  CryptoCompare: {
    value: { Response: 'Success', Type: 100, Data: { TimeFrom: 1, Data: objects } },
    names: named,
    second,
  },
  OANDA: {
    value: {
      instrument: 'EUR_USD',
      candles: t.map((time) => ({
        complete: true,
        volume: 5,
        time: String(time),
        bid: { o: '0', h: '0', l: '0', c: '0' },
        mid: { o: '1', h: '3', l: '1', c: '2' },
      })),
    },
    names: ['complete', 'volume', 'time', 'bid o', 'bid h', 'bid l', 'bid c', 'o', 'h', 'l', 'c'],
    instruments: Array.from({ length: 11 }, () => 'EUR_USD'),
    second: [1, 5, t[1], 0, 0, 0, 0, 1, 3, 1, 2],
  },
  'CoinGecko’s chart': {
    value: {
      prices: [
        [t[0], 1],
        [t[1], 2],
      ],
      market_caps: [
        [t[0], 5],
        [t[1], 6],
      ],
      total_volumes: [
        [t[0], 7],
        [t[1], 8],
      ],
    },
    names: ['time', 'price', 'market_caps', 'volume'],
    second: [t[1], 2, 6, 8],
  },
  'Nasdaq Data Link': {
    value: { dataset: { id: 1, column_names: named, data: rows } },
    names: named,
    second,
  },
  InfluxDB: {
    value: { results: [{ statement_id: 0, series: [{ name: 'bars', columns: named, values: rows }] }] },
    names: named,
    second,
  },
  'an export of MongoDB': {
    value: [
      { _id: { $oid: 'a' }, time: { $date: '2024-03-04T00:00:00Z' }, close: { $numberDouble: '1' } },
      { _id: { $oid: 'b' }, time: { $date: { $numberLong: '1709510400000' } }, close: 2 },
    ],
    names: ['_id', 'time', 'close'],
    second: ['b', 1709510400000, 2],
  },
  'objects whose keys come late': {
    value: [
      { time: 1, close: 2 },
      { close: 3, time: 2, volume: 4 },
    ],
    names: ['time', 'close', 'volume'],
    second: [2, 3, 4],
  },
  'true and false, and lists within': {
    value: [
      { time: 1, close: 2, open_now: true, tags: ['a'] },
      { time: 2, close: 3, open_now: false },
    ],
    names: ['time', 'close', 'open_now', 'tags'],
    second: [2, 3, 0, ''],
  },
};

describe('JSON', () => {
  it.each(Object.entries(shapes))('%s', async (_, { value, second, instruments = null, rows = 2, ...expected }) => {
    const table = await readContent('bars.json', JSON.stringify(value));
    expect(table.names).toEqual(expected.names);
    expect(table.instruments).toEqual(instruments);
    expect(table.rows).toBe(rows);
    expect(cells(table, 1)).toEqual(second.map(String));
  });

  it('is read with a byte order mark, in UTF-8 and in UTF-16', async () => {
    const text = `\uFEFF${JSON.stringify(objects)}`;
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]) {
      expect(cells(await readContent('bars.json', bytes), 1)).toEqual(second.map(String));
    }
  });

  it('reads NaN and Infinity as missing, outside of strings only', async () => {
    const text =
      '[{"time": "2024-01-01", "note": "NaN \\" Infinity", "close": NaN, "high": -Infinity, "low": Infinity}]';
    const table = await readContent('bars.json', text);
    expect(cells(table, 0)).toEqual(['2024-01-01', 'NaN " Infinity', '', '', '']);
    expect(table.notes).toEqual(['NaN and Infinity, which are no JSON, read as missing: 3 cells']);
  });

  it('is known by its content where it begins with NaN', async () => {
    expect((await readContent('bars.txt', '[NaN, 1]\n[2, 3]')).notes[0]).toBe(
      'read as JSON, though its name ends in .txt',
    );
  });

  const lines = objects.map((object) => JSON.stringify(object));
  it.each([
    ['bars.jsonl', lines.join('\n')],
    ['bars.ndjson', `${lines.join('\r\n')}\r\n`],
    ['bars.json', lines.join('\n')],
    ['bars.json', lines.join('')],
    ['bars.json', `[${lines[0]}]\n[${lines[1]}]`],
    ['bars.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['bars.jsonl', JSON.stringify(objects, null, 2)],
    ['bars.jsonl', lines.map((line) => `{"ticker":"A","results":[${line}]}`).join('\n')],
  ])('reads values one after another (%s: %j)', async (name, text) => {
    const table = await readContent(name, text);
    expect(table.rows).toBe(2);
    expect(cells(table, 1)).toEqual(second.map(String));
  });

  it('counts NaN of JSON lines, and takes keys that come late', async () => {
    const table = await readContent('bars.jsonl', '{"time":1,"close":NaN}\n{"time":2,"close":3,"volume":4}\n');
    expect(table.names).toEqual(['time', 'close', 'volume']);
    expect(cells(table, 0)).toEqual(['1', '', '']);
    expect(table.notes).toHaveLength(1);
  });
});

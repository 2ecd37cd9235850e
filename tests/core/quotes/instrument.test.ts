import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import type { DataConfig } from '#core/config/data.ts';
import { bar, config, type Row, table } from '../bars/make-table.ts';

const minute = 60_000;
const from = Date.UTC(2024, 0, 1);
const names = ['time', 'open', 'high', 'low', 'close', 'volume'];

/** Bars of one instrument, with a label behind each. */
const series = (label: string | number | null, close: number, start = 0, count = 20): Row[] =>
  Array.from({ length: count }, (_, k) => [...bar(from + (start + k) * minute, close + k / 10), label]);

const clean = (rows: readonly Row[], column: string, data: Partial<DataConfig> = {}) =>
  cleanBars([table(rows, [...names, column])], config(data));

describe('several instruments in one table', () => {
  it.each(['symbol', 'Ticker', '<TICKER>', 'instrument', 'ISIN', 'secid', 'ts_code', 'coin', '股票代码', 'market'])(
    'are refused by the column %s, beside each other and one after the other',
    (column) => {
      const says = (rows: readonly Row[]) =>
        expect(() => clean(rows, column)).toThrow(
          expect.objectContaining({
            code: 'data_unreadable',
            message: `bars.csv holds several instruments: its column "${column}" has 2 values, "AAA", "BBB". Choose one with data.symbol: AAA, or give each instrument a file of its own.`,
            issues: [expect.objectContaining({ path: 'data.symbol' }) as unknown],
          }) as Error,
        );
      const [aaa, bbb] = [series('AAA', 100), series('BBB', 300)];
      says([...aaa, ...bbb]);
      says(aaa.flatMap((row, k) => [row, bbb[k]]));
      says([...aaa, ...series('BBB', 300, 20)]);
    },
  );

  it('are refused by numbers of instruments, and by any texts that stand at one time with other prices', () => {
    expect(() => clean([...series(10107, 100), ...series(14593, 300)], 'permno')).toThrow(/2 values, "10107", "14593"/);
    expect(() => clean([...series('Kraken', 100), ...series('Bitstamp', 101)], 'exchange')).toThrow(/"exchange" has 2/);
  });

  it.each(['stock_id', 'Asset_ID', 'secid', 'instrument_id', 'conid', 'permno', 'gvkey', 'code', 'zz', 'id', '#'])(
    'are refused by numbers under the name %s, and chosen by them',
    (column) => {
      const [first, second] = [series(2330, 100), series(2317, 300)];
      for (const rows of [[...first, ...second], first.flatMap((row, k) => [row, second[k]])]) {
        expect(() => clean(rows, column)).toThrow(/holds several instruments: .* has 2 values, "2330", "2317"/);
        const { bars, report } = clean(rows, column, { symbol: '2317' });
        expect(report).toMatchObject({ symbol: '2317', bars: 20, otherInstruments: 20, conflictingDuplicates: 0 });
        expect(bars.close[0]).toBe(300);
      }
    },
  );

  it('are none where whole numbers do not part the rows into series', () => {
    // Three rows a time, as of a feed that writes a bar while it grows, with a count of trades.
    const rows = Array.from({ length: 120 }, (_, k): Row => {
      const grown = 100 + (k % 3);
      return [from + Math.floor(k / 3) * minute, 100, grown, 99, grown, 700, (k * 7) % 11];
    });
    for (const column of ['trades', 'level']) {
      expect(clean(rows, column).report).toMatchObject({ bars: 40, conflictingDuplicates: 80, symbol: null });
    }
    expect(() => clean(rows, 'level', { symbol: '700' })).toThrow(/names no instrument/);
  });

  it('are not the contracts of a symbol that is constant', () => {
    const labels = [...names, 'instrument_id', 'symbol'];
    const rows = [...series(17077, 100), ...series(5602, 101, 20)].map((row) => [...row, 'ES.c.0']);
    const read = (given: readonly Row[], symbol: string | null = null) =>
      cleanBars([table(given, labels)], config({ symbol })).report;
    for (const symbol of [null, 'ES.c.0', 'es.c.0']) {
      expect(read(rows, symbol)).toMatchObject({
        bars: 40,
        symbol: 'ES.c.0',
        notes: [
          '"instrument_id" changes ("17077", "5602") and "symbol" does not: one series, as of a future that is rolled',
        ],
      });
    }
    expect(read(rows, '5602')).toMatchObject({ bars: 20, symbol: '5602', otherInstruments: 20 });
    expect(() => read(rows, 'NQ')).toThrow(/data\.symbol "NQ".*"ES\.c\.0"/);
    const both = [...series(17077, 100), ...series(5602, 300)].map((row) => [...row, 'ES.c.0']);
    expect(() => read(both)).toThrow(/its column "instrument_id" has 2 values/);
  });

  it('are no timeframes', () => {
    const days = Array.from({ length: 2 }, (_, k): Row => bar(from + k * 1440 * minute, 200 + k));
    const hours = Array.from({ length: 48 }, (_, k): Row => bar(from + k * 60 * minute, 100 + k));
    const mixed = (column: string, short: string | number, long: string | number) => () =>
      clean([...hours.map((row) => [...row, short]), ...days.map((row) => [...row, long])], column);
    const words = /^bars\.csv holds several timeframes: its column "\w+" has 2 values, .*Keep the rows of one of them/;
    expect(mixed('interval', '1h', '1d')).toThrow(words);
    expect(mixed('kind', 'H1', 'daily')).toThrow(words);
    expect(mixed('resolution', 60, 1440)).toThrow(words);
  });

  it('lists ten of many', () => {
    const rows = Array.from({ length: 25 }, (_, k) => series(`S${k}`, 100 + k, 0, 3)).flat();
    expect(() => clean(rows, 'symbol')).toThrow(/has 25 values, "S0", .*"S9" and 15 more\. Choose/);
  });

  it('give the one that data.symbol names, and the others are counted', () => {
    const rows = [...series('AAA', 100), ...series('BBB', 300)];
    for (const symbol of ['BBB', 'bbb']) {
      const { bars, report } = clean(rows, 'symbol', { symbol });
      expect(report).toMatchObject({
        rowsRead: 40,
        otherInstruments: 20,
        bars: 20,
        symbol: 'BBB',
        conflictingDuplicates: 0,
      });
      expect(bars.close[0]).toBe(300);
    }
    const exchange = clean([...series('Kraken', 100), ...series('Bitstamp', 101)], 'exchange', { symbol: 'Kraken' });
    expect(exchange.report).toMatchObject({ bars: 20, symbol: 'Kraken', otherInstruments: 20 });
  });

  it('are chosen by codes with zeros before them', () => {
    const rows = [...series('000001', 100), ...series('600519', 300)];
    expect(() => clean(rows, '股票代码')).toThrow(/2 values/);
    const chosen = clean(rows, '股票代码', { symbol: '000001' });
    expect(chosen.report).toMatchObject({ bars: 20, otherInstruments: 20 });
  });

  it('are named where data.symbol is none of them', () => {
    const rows = [...series('AAA', 100), ...series('BBB', 300)];
    expect(() => clean(rows, 'symbol', { symbol: 'CCC' })).toThrow(/data\.symbol "CCC".*"AAA", "BBB"/);
    expect(() => clean(series('AAA', 100), 'symbol', { symbol: 'CCC' })).toThrow(/"CCC".*"AAA"/);
    expect(() => clean(series('x', 100), 'note', { symbol: 'CCC' })).toThrow(
      /names no instrument.*Leave data\.symbol out/,
    );
    expect(clean(series('x', 100), 'note', { symbol: 'bars' }).report.bars).toBe(20);
  });
});

describe('what is no second instrument', () => {
  it('one value, a header line within the rows, blanks, or a footer without a time', () => {
    expect(clean(series('XYZ', 100), 'symbol').report.symbol).toBe('XYZ');
    const rows = [
      ...series('XYZ', 100),
      [...names, 'symbol'],
      ...series(null, 102, 20),
      ['Total', 1, 1, 1, 1, 1, 'Sum'],
    ];
    expect(clean(rows, 'symbol').report).toMatchObject({ symbol: 'XYZ', bars: 40 });
  });

  it.each(['session', 'status', 'exchange', 'currency', 'market', 'code'])(
    'texts that change in a column %s',
    (column) => {
      const rows = series('', 100).map((row, k) => [...row.slice(0, 6), k % 3 === 0 ? 'open' : 'closed']);
      expect(clean(rows, column).report).toMatchObject({ bars: 20, symbol: null });
    },
  );

  it('a text of its own in every row, repeated rows of it, and one value with repeated times', () => {
    const rows = series('', 100).map((row, k) => [...row.slice(0, 6), `trade ${k}`]);
    expect(clean([...rows, ...rows], 'note').report).toMatchObject({ bars: 20, identicalDuplicates: 20 });
    expect(clean([...series('A', 100), ...series('A', 100)], 'status').report.bars).toBe(20);
  });
});

describe('instruments in the header', () => {
  const two = () => {
    const rows = Array.from({ length: 5 }, (_, k): Row => [from + k * minute, 100 + k, 200 + k, 5, 6]);
    const made = table(rows, ['Date', 'Close', 'Close', 'Volume', 'Volume']);
    return { ...made, instruments: [null, 'AAA', 'BBB', 'AAA', 'BBB'] };
  };

  it('are refused where there are several, and taken where data.symbol chooses', () => {
    expect(() => cleanBars([two()], config())).toThrow(/columns of 2 instruments in its header: "AAA", "BBB"/);
    expect(() => cleanBars([two()], config({ symbol: 'CCC' }))).toThrow(/"CCC".*"AAA", "BBB"/);
    const { bars, report } = cleanBars([two()], config({ symbol: 'BBB' }));
    expect(report).toMatchObject({ symbol: 'BBB', columns: { close: '#3', volume: '#5' } });
    expect(bars.close[0]).toBe(200);
    expect(bars.volume[0]).toBe(6);
  });

  it('are found in names such as AAA.Close too', () => {
    const rows = Array.from({ length: 5 }, (_, k): Row => [from + k * minute, 100 + k, 200 + k]);
    const wide = (separator: string) => table(rows, ['Date', `AAA${separator}Close`, `BBB${separator}Close`]);
    expect(() => cleanBars([wide('.')], config())).toThrow(/several instruments beside each other: "AAA", "BBB"/);
    expect(cleanBars([wide('_')], config({ symbol: 'BBB' })).report).toMatchObject({
      symbol: 'BBB',
      columns: { close: 'BBB_Close' },
    });
  });

  it('name the bars where there is one', () => {
    const one = {
      ...two(),
      names: ['Date', 'Close', 'x', 'Volume', 'y'],
      instruments: [null, 'AAA', 'AAA', 'AAA', 'AAA'],
    };
    expect(cleanBars([one], config()).report.symbol).toBe('AAA');
  });
});

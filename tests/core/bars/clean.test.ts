import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { day, hour, minute } from '#core/time/timeframe.ts';
import type { DataConfig } from '#core/config/data.ts';
import { bar, config, type Row, start, table } from './make-table.ts';

const minutes = (offsets: readonly number[]): Row[] => offsets.map((k) => bar(start + k * minute, 100 + k));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

describe('cleanBars, step by step', () => {
  it('counts every row exactly once on its way', () => {
    const rows = [
      ...minutes(range(0, 10)),
      bar('no time'),
      bar(null),
      bar(start + 3 * minute, 103),
      bar(start + 4 * minute, 500),
      [start + 10 * minute, 100, 90, 80, 100, 1] as const,
      [start + 11 * minute, -1, 1, -1, 1, 1] as const,
      [start + 12 * minute, 100, 101, 99, 100, -5] as const,
      [start + 13 * minute, 100, Infinity, 99, 100, 5] as const,
      bar(start + 14 * minute + 7_000),
      ...minutes([15, 16]),
    ];
    const { report, bars } = cleanBars([table(rows)], config({ range: { start: '2024-01-01T00:01', end: null } }));
    expect(report).toMatchObject({
      rowsRead: 21,
      unparsableTime: 2,
      inversions: 1,
      identicalDuplicates: 1,
      conflictingDuplicates: 1,
      invalidRows: 4,
      outsideRange: 1,
      offGrid: 1,
      bars: 11,
      gaps: 1,
      missingBars: 5,
      longestGap: 5,
      segments: 2,
      step: minute,
    });
    const { unparsableTime, identicalDuplicates, conflictingDuplicates, invalidRows, outsideRange, offGrid } = report;
    const dropped = unparsableTime + identicalDuplicates + conflictingDuplicates + invalidRows + outsideRange + offGrid;
    expect(report.rowsRead - dropped).toBe(bars.time.length);
    // Of conflicting rows the last one in the file stays.
    expect(bars.close[3]).toBe(500);
    expect(report.notes.join()).toMatch(/first invalid row: data row 15, high is below open or close/);
  });

  it('says where several rows have one time, and refuses where nearly half contradict each other', () => {
    const grown = (k: number, more: number): Row => [start + k * minute, 100, 101 + more, 99, 100 + more, 1 + more];
    const read = (rows: readonly Row[]) => cleanBars([table(rows)], config()).report;
    const plain = range(0, 40).map((k) => grown(k, 0));
    expect(read([...plain, grown(39, 1)]).notes).toEqual([]);
    const few = read([...plain, ...[5, 10, 15, 20].map((k) => grown(k, 2))]);
    expect(few).toMatchObject({ conflictingDuplicates: 4, bars: 40 });
    expect(few.notes).toEqual([
      '4 of 44 rows have the time of another row and other values, and the last of each time was kept: first at ' +
        '2024-01-01 00:05, close 100 and then 102; several instruments or timeframes in one table?',
    ]);
    // A feed that writes each bar while it grows contradicts nothing.
    expect(read([...plain, ...range(0, 40).map((k) => grown(k, 1))])).toMatchObject({ bars: 40 });
    const other = range(0, 40).map((k) => bar(start + k * minute, 300 + k));
    expect(() => read([...plain, ...other])).toThrow(
      expect.objectContaining({
        code: 'data_unreadable',
        message: expect.stringMatching(
          /other prices in 40 of 80 rows, first at 2024-01-01 00:00, close 100 and then 300: several instruments or timeframes/,
        ) as string,
      }) as Error,
    );
  });

  it('takes one number below zero for no volume, and any other for an invalid row', () => {
    const rows = (volume: (k: number) => number) =>
      range(0, 20).map((k) => bar(start + k * minute, 100 + k, volume(k)));
    const read = (volume: (k: number) => number) => cleanBars([table(rows(volume))], config()).report;
    const none = read(() => -1);
    expect(none).toMatchObject({ bars: 20, invalidRows: 0, missingVolume: 0, unused: ['volume'] });
    expect(none.columns).not.toHaveProperty('volume');
    expect(none.notes[0]).toBe('"volume" is -1 throughout, which stands for no volume');
    expect(read((k) => (k % 4 === 0 ? -1 : 5))).toMatchObject({ bars: 20, invalidRows: 0, missingVolume: 5 });
    expect(read((k) => (k === 4 ? -1 : 5))).toMatchObject({ bars: 19, invalidRows: 1, missingVolume: 0 });
    expect(read((k) => (k < 2 ? -1 - k : 5))).toMatchObject({ bars: 18, invalidRows: 2 });
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('lets an invalid row leave first, which stands %s a valid one of the same time', (_, place) => {
    const at = start + minute;
    const invalid: readonly Row[] = [
      [at, null, 101, 99, 100, 1],
      [at, 100, 90, 99, 100, 1],
      [at, -1, 101, -2, 100, 1],
      [at, 100, 101, 99, 100, -1],
      [at, 100, 101, 99, 'n/a', 1],
      ['', 100, 101, 99, 100, 1],
    ];
    for (const row of invalid) {
      const pair = place === 0 ? [row, bar(at, 107)] : [bar(at, 107), row];
      const { bars, report } = cleanBars([table([bar(start), ...pair, bar(start + 2 * minute)])], config());
      expect([...bars.close]).toEqual([100, 107, 100]);
      expect(report).toMatchObject({ identicalDuplicates: 0, conflictingDuplicates: 0, gaps: 0, bars: 3 });
      expect(report.invalidRows + report.unparsableTime).toBe(1);
    }
  });

  it('sorts a file that runs backwards', () => {
    const { bars, report } = cleanBars([table(minutes(range(0, 5)).reverse())], config());
    expect([...bars.close]).toEqual([100, 101, 102, 103, 104]);
    expect(report.inversions).toBe(4);
  });

  it('shifts close-labelled bars by the step it found', () => {
    const { bars } = cleanBars([table(minutes(range(1, 5)))], config({ bar_label: 'close' }));
    expect(bars.time[0]).toBe(start);
  });

  it('takes a missing volume for zero and says so', () => {
    const { report } = cleanBars(
      [table([bar(start), bar(start + minute, 100, null), bar(start + 2 * minute, 100, 'n/a')])],
      config(),
    );
    expect(report).toMatchObject({ missingVolume: 2, zeroVolume: 2, invalidRows: 0 });
  });

  it('includes the whole last day of a range given by dates', () => {
    const rows = range(0, 72).map((k) => bar(start + k * hour));
    const { report } = cleanBars([table(rows)], config({ range: { start: '2024-01-02', end: '2024-01-02' } }));
    expect(report).toMatchObject({ bars: 24, outsideRange: 48, first: start + day, last: start + day + 23 * hour });
  });

  it('does not change the table it is given', () => {
    const rows = table(minutes([0, 2, 1]));
    const before = structuredClone(rows);
    cleanBars([rows], config());
    expect(rows).toEqual(before);
  });
});

describe('gap policies', () => {
  const rows = minutes([0, 1, 2, 5, 6, 7, 20, 21]);
  const gaps = (policy: DataConfig['gaps']['policy'], max_fill = 5) =>
    cleanBars([table(rows)], config({ gaps: { policy, max_fill } }));

  it('break starts a segment at every gap', () => {
    const { bars, report } = gaps('break');
    expect([...bars.segment]).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
    expect(report).toMatchObject({ gaps: 2, missingBars: 14, longestGap: 12, filledBars: 0, segments: 3 });
  });

  it('fill makes up short gaps from the close before and breaks at long ones', () => {
    const { bars, report } = gaps('fill');
    expect([...bars.segment]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect([...bars.filled]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    expect([...bars.time].slice(2, 6).map((time) => (time - start) / minute)).toEqual([2, 3, 4, 5]);
    for (const column of ['open', 'high', 'low', 'close'] as const)
      expect([...bars[column].slice(3, 5)]).toEqual([102, 102]);
    expect([...bars.volume.slice(3, 5)]).toEqual([0, 0]);
    expect(report).toMatchObject({ gaps: 2, filledBars: 2, bars: 10, segments: 2, zeroVolume: 0 });
  });

  it('fill with max_fill 0 is break', () => {
    expect(gaps('fill', 0).bars).toEqual(gaps('break').bars);
  });

  it('ignore keeps one segment and still counts', () => {
    const { bars, report } = gaps('ignore');
    expect(new Set(bars.segment)).toEqual(new Set([0]));
    expect(report).toMatchObject({ gaps: 2, missingBars: 14, segments: 1 });
  });

  const weekdays = range(0, 70).filter((k) => k % 7 < 5 && k !== 35);

  it('takes weekends of a weekday market and a holiday for closures', () => {
    const { report } = cleanBars([table(weekdays.map((k) => bar(start + k * day)))], config());
    expect(report).toMatchObject({ step: day, gaps: 0, missingBars: 0, closures: 9, segments: 1 });
  });

  it('fills only times at which the market is open', () => {
    const { bars, report } = cleanBars(
      // Monday to Thursday of another week: too long for a holiday.
      [table(weekdays.filter((k) => k < 42 || k > 45).map((k) => bar(start + k * day)))],
      config({ gaps: { policy: 'fill', max_fill: 5 } }),
    );
    expect(report).toMatchObject({ gaps: 1, filledBars: 4, segments: 1 });
    expect([...bars.time].filter((_, k) => bars.filled[k] === 1).map((time) => (time - start) / day)).toEqual([
      42, 43, 44, 45,
    ]);
  });

  it('explains no gap of a market that never closes', () => {
    const hours = range(0, 24 * 60).filter((k) => k < 500 || k >= 548);
    const { report } = cleanBars([table(hours.map((k) => bar(start + k * hour)))], config());
    expect(report).toMatchObject({ gaps: 1, missingBars: 48, closures: 0 });
  });
});

describe('local times', () => {
  const texts = (stamps: readonly string[], timezone: string) =>
    cleanBars([table(stamps.map((text) => bar(text)))], config({ timezone }));

  it('reads them in data.timezone, summer and winter', () => {
    const { bars } = texts(['2024-01-15 12:00', '2024-01-15 13:00', '2024-07-15 12:00'], 'America/New_York');
    expect([...bars.time].map((time) => new Date(time).getUTCHours())).toEqual([17, 18, 16]);
  });

  it('settles the hour that occurs twice by the order of the file, forwards and backwards', () => {
    const stamps = ['2024-10-27 01:00', '2024-10-27 02:00', '2024-10-27 02:00', '2024-10-27 03:00'];
    const { bars, report } = texts(stamps, 'Europe/Berlin');
    expect([...bars.time].map((time) => new Date(time).toISOString().slice(11, 16))).toEqual([
      '23:00',
      '00:00',
      '01:00',
      '02:00',
    ]);
    expect(report).toMatchObject({ ambiguousTime: 2, gaps: 0, conflictingDuplicates: 0 });
    expect(texts(stamps.toReversed(), 'Europe/Berlin').bars.time).toEqual(bars.time);
  });

  it('drops and counts a local time that the clock leaps over', () => {
    const { report } = texts(
      ['2024-03-31 01:00', '2024-03-31 02:30', '2024-03-31 03:00', '2024-03-31 04:00'],
      'Europe/Berlin',
    );
    expect(report).toMatchObject({ unparsableTime: 1, bars: 3, gaps: 0 });
    expect(report.notes.join()).toMatch(/do not exist in Europe\/Berlin/);
  });

  it('keeps bars of local midnight on their grid when the clock changes', () => {
    const stamps = range(0, 200).map((k) => `${new Date(start + k * day).toISOString().slice(0, 10)} 00:00`);
    const { report } = texts(stamps, 'America/New_York');
    expect(report).toMatchObject({ bars: 200, offGrid: 0, gaps: 0 });
  });

  it('leaves texts with an offset and dates alone', () => {
    expect(texts(['2024-01-15T12:00Z', '2024-01-15T13:00Z'], 'Asia/Tokyo').bars.time[0]).toBe(
      Date.UTC(2024, 0, 15, 12),
    );
    expect(texts(['2024-01-15', '2024-01-16'], 'Asia/Tokyo').bars.time[0]).toBe(Date.UTC(2024, 0, 15));
  });
});

describe('many short stretches without a trade', () => {
  const days = (weekend: number) =>
    Array.from({ length: 70 }, (_, k) => {
      const trades = k % 7 < 7 - weekend;
      const close = 100 + (trades ? k : k - (k % 7) + 6 - weekend);
      const time = start + k * day;
      return trades ? bar(time, close) : [time, close, close, close, close, 0];
    });

  it('are told from a tenth of the bars on, and single ones are not', () => {
    expect(cleanBars([table(days(2))], config()).report.notes.join()).toMatch(
      /20 of 70 bars \(29 %\) have no volume and the close before as their one price, in 10 stretches of 2 to 5 bars/,
    );
    expect(cleanBars([table(days(1))], config()).report.notes.join()).not.toMatch(/have no volume/);
  });
});

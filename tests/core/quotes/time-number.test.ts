import { describe, expect, it } from 'vitest';
import { AppError } from '#core/error.ts';
import type { CellValue } from '../bars/make-table.ts';
import { iso, read, upTo } from './read-times.ts';

describe('numbers', () => {
  it.each<[string, readonly CellValue[], string, readonly (string | null)[]]>([
    [
      'seconds with a fraction',
      [1_735_603_200.5, 1_735_603_260.25],
      'epoch seconds',
      ['2024-12-31T00:00:00.500Z', '2024-12-31T00:01:00.250Z'],
    ],
    ['milliseconds', [1_735_603_200_000], 'epoch milliseconds', ['2024-12-31T00:00Z']],
    ['microseconds', [1_735_603_200_000_000], 'epoch microseconds', ['2024-12-31T00:00Z']],
    ['nanoseconds', ['1735603200000000000'], 'epoch nanoseconds', ['2024-12-31T00:00Z']],
    [
      'seconds before 1970',
      [-259_200, -172_800, -86_400, 0, 86_400],
      'epoch seconds',
      ['1969-12-29T00:00Z', '1969-12-30T00:00Z', '1969-12-31T00:00Z', '1970-01-01T00:00Z', '1970-01-02T00:00Z'],
    ],
    [
      'years long before 1970',
      [-1_000_000_000, -999_913_600],
      'epoch seconds',
      ['1938-04-24T22:13:20.000Z', '1938-04-25T22:13:20.000Z'],
    ],
    ['calendar stamps', [20_240_304, 20_240_305], 'dates', ['2024-03-04T00:00Z', '2024-03-05T00:00Z']],
    ['long stamps', [20_240_304_093_000], 'local text (UTC)', ['2024-03-04T09:30Z']],
    ['stamps to the minute', [202_403_040_930], 'local text (UTC)', ['2024-03-04T09:30Z']],
    [
      'short dates',
      ['240304', '240305', '240307'],
      'dates',
      ['2024-03-04T00:00Z', '2024-03-05T00:00Z', '2024-03-07T00:00Z'],
    ],
    ['months', [202_311, 202_312, 202_401], 'months', ['2023-11-01T00:00Z', '2023-12-01T00:00Z', '2024-01-01T00:00Z']],
    ['years', [2022, 2023, 2024], 'years', ['2022-01-01T00:00Z', '2023-01-01T00:00Z', '2024-01-01T00:00Z']],
    [
      'days of a spreadsheet',
      [45_300, 45_301, 45_302],
      'dates of a spreadsheet',
      ['2024-01-09T00:00Z', '2024-01-10T00:00Z', '2024-01-11T00:00Z'],
    ],
    [
      'hours of a spreadsheet',
      [45_300, 45_300.041666, 45_300.083333],
      'local times of a spreadsheet (UTC)',
      ['2024-01-09T00:00Z', '2024-01-09T01:00Z', '2024-01-09T02:00Z'],
    ],
    [
      'seconds of a spreadsheet',
      [45_300.00011574, 45_300.00023148],
      'local times of a spreadsheet (UTC)',
      ['2024-01-09T00:00:10.000Z', '2024-01-09T00:00:20.000Z'],
    ],
    [
      'a decimal comma',
      ['45300,5', '45300,541667'],
      'local times of a spreadsheet (UTC)',
      ['2024-01-09T12:00Z', '2024-01-09T13:00Z'],
    ],
    ['grouped digits', ['1,735,603,200', '1,735,603,260'], 'epoch seconds', ['2024-12-31T00:00Z', '2024-12-31T00:01Z']],
  ])('%s', (_, cells, format, expected) => {
    expect(read(cells)).toMatchObject({ times: expected, format });
  });

  it('counts days of a spreadsheet as repaired, and says so', () => {
    const { repaired, notes } = read([45_300, 45_301, 45_304]);
    expect(repaired).toBe(3);
    expect(notes.join()).toMatch(/numbers of a spreadsheet \(45300\)/);
  });

  it('reads clocks of a spreadsheet in data.timezone', () => {
    expect(read([45_300.5], { zone: 'America/New_York' }).times).toEqual(['2024-01-09T17:00Z']);
  });

  it('reads days of a spreadsheet in a column without a name only where weekends are left out', () => {
    expect(read([45_300, 45_301, 45_302, 45_303, 45_306, 45_307, 45_308, 45_309], { name: null }).times[7]).toBe(
      '2024-01-18T00:00Z',
    );
    expect(() =>
      read(
        upTo(50, (k) => 45_300 + k),
        { name: 't' },
      ),
    ).toThrow(/counts bars \(45300, 45301, 45302 …\)/);
  });

  it.each([
    ['counts', upTo(80, (k) => k), 't'],
    ['counts backwards', upTo(80, (k) => 80 - k), 'time'],
    ['counts after a cut', upTo(80, (k) => 5000 + k), ''],
    ['counts without a name', upTo(80, (k) => k), null],
    ['counts with a hole', [...upTo(40, (k) => k), ...upTo(40, (k) => 45 + k)], 'index'],
  ])('refuses a column that %s', (_, cells, name) => {
    expect(() => read(cells, { name })).toThrow(/counts bars \(.*\) and not times/);
  });

  it('refuses numbers that are no times at all', () => {
    expect(() => read([100.5, 101.25, 99.75, 100])).toThrow(/holds no times \(100\.5, 101\.25, 99\.75 …\)/);
  });

  it.each([
    ['milliseconds of minutes', upTo(60, (k) => Number((1_735_603_200_000 + k * 60_000).toPrecision(6)))],
    ['milliseconds of days', upTo(60, (k) => Number((1_735_603_200_000 + k * 86_400_000).toPrecision(6)))],
    ['seconds of minutes', upTo(60, (k) => Number((1_735_603_200 + k * 60).toPrecision(7)))],
    ['seconds to the hundred', upTo(60, (k) => Number((1_735_603_200 + k * 60).toPrecision(8)))],
    ['all the same', upTo(60, () => 1.7356e12)],
    ['with a decimal comma', upTo(60, () => '1,7356E+12')],
  ])('refuses epochs that a spreadsheet rounded: %s', (_, cells) => {
    expect(() => read(cells)).toThrow(/rounded.*0 decimals/);
  });

  it('keeps epochs that are round by nature', () => {
    for (const step of [60, 3600, 86_400, 604_800]) {
      expect(read(upTo(60, (k) => 1_704_067_200 + k * step)).times.at(-1)).toBe(
        iso((1_704_067_200 + 59 * step) * 1000),
      );
    }
    expect(read([1_704_067_200, 1_704_067_200, 1_704_070_800, 1_704_070_800, 1_704_074_400]).times[4]).toBe(
      '2024-01-01T02:00Z',
    );
  });
});

describe('times counted in rare ways', () => {
  const start = Date.UTC(2024, 2, 4);
  const hours = upTo(30, (k) => start + k * 3_600_000) as number[];
  const workdays = (from: number) =>
    (upTo(60, (k) => from + k * 86_400_000) as number[]).filter((ms) => ![0, 6].includes(new Date(ms).getUTCDay()));

  it.each<[string, number, number, readonly number[]]>([
    ['minutes since 1970', 60_000, 0, hours],
    ['hours since 1970', 3_600_000, 0, hours],
    ['ticks of .NET (100 ns since the year 1)', 1e-4, -62_135_596_800_000, hours],
    ['file times of Windows (100 ns since 1601)', 1e-4, Date.UTC(1601, 0, 1), hours],
    ['microseconds since 1601', 1e-3, Date.UTC(1601, 0, 1), hours],
    ['seconds since 1904', 1000, Date.UTC(1904, 0, 1), hours],
    ['seconds since 2001', 1000, Date.UTC(2001, 0, 1), workdays(start)],
  ])('%s are read and said', (name, unit, origin, ms) => {
    const found = read(ms.map((at) => (at - origin) / unit));
    expect(found.times).toEqual(ms.map(iso));
    expect(found).toMatchObject({ format: name, repaired: ms.length });
    expect(found.notes[0]).toMatch(new RegExp(`^times are ${name.replace(/[.()]/g, '\\$&')} \\(\\d+\\)$`));
  });

  it.each([Date.UTC(2024, 2, 4), Date.UTC(2025, 2, 3)])('days since 1970 are read and said', (from) => {
    const ms = workdays(from);
    const found = read(ms.map((at) => at / 86_400_000));
    expect(found.times).toEqual(ms.map(iso));
    expect(found.notes[0]).toMatch(/^times are days since 1970 \(\d+\)/);
    expect(found.format).toBe('dates');
  });

  it('days of a spreadsheet that counts since 1904 are known by their weekends', () => {
    const ms = workdays(start);
    const found = read(ms.map((at) => at / 86_400_000 + 25_569 - 1462));
    expect(found.times).toEqual(ms.map(iso));
    expect(found.notes[0]).toContain('since 1904-01-01, as their weekends show');
  });

  it('usual epochs of the nineties stay what they are', () => {
    const ms = workdays(Date.UTC(1993, 2, 1));
    expect(read(ms.map((at) => at / 1000))).toMatchObject({ times: ms.map(iso), format: 'epoch seconds', notes: [] });
    const days = workdays(Date.UTC(1990, 0, 1));
    expect(read(days.map((at) => at * 1e6)).times).toEqual(days.map(iso));
    const early = upTo(40, (k) => k * 86_400) as number[];
    expect(read(early).times).toEqual(early.map((s) => iso(s * 1000)));
  });

  it('is refused where nothing fits', () => {
    expect(() => read(upTo(40, (k) => 133_485_408_000_000_000 + k * 7_777_000_000))).toThrow(
      /nanoseconds since 1970 are of 1974/,
    );
  });

  it('seconds since midnight without a date are named', () => {
    expect(() => read(upTo(96, (k) => (Number(k) % 32) * 900))).toThrow(
      /seconds since midnight.*Name the column of dates/,
    );
  });
});

describe('impossible times among good ones', () => {
  const hours = (count: number, from = 0) => upTo(count, (k) => 1_704_067_200 + (from + k) * 3600);

  it.each<[string, CellValue, readonly CellValue[]]>([
    ['0 among epochs', 0, hours(20)],
    ['−1 among epochs', -1, hours(20)],
    ['the last second of 32 bits', 2_147_483_647, hours(20)],
    ['1970 among texts', '1970-01-01 00:00', upTo(20, (k) => `2024-01-01 ${String(k).padStart(2, '0')}:00`)],
    ['1900 among dates', '1900-01-01', upTo(20, (k) => `2024-01-${String(k + 1).padStart(2, '0')}`)],
    ['the year 1 among dates', '0001-01-01', upTo(20, (k) => `2024-01-${String(k + 1).padStart(2, '0')}`)],
  ])('drops %s', (_, wrong, cells) => {
    const { times } = read([...cells.slice(0, 5), wrong, ...cells.slice(5)]);
    expect(times[5]).toBeNull();
    expect(times.filter((time) => time !== null)).toHaveLength(20);
  });

  it('reads rows in another unit in their own where all then runs in order', () => {
    const { times, repaired, format, notes } = read([...hours(70).map((s) => Number(s) * 1000), ...hours(10, 70)]);
    expect(times).toEqual(hours(80).map((s) => iso(Number(s) * 1000)));
    expect([repaired, format]).toEqual([10, 'epoch milliseconds']);
    expect(notes).toEqual(['times in milliseconds and in seconds: 10 read in their own unit, from row 71']);
  });

  it('reads one row in another unit in its own where it lies among the others', () => {
    const cells = [...hours(10, 10), ...hours(10)].map((s) => Number(s) * 1_000_000);
    cells[4] /= 1000;
    expect(read(cells)).toMatchObject({ repaired: 1, format: 'epoch microseconds' });
  });

  it('refuses mixed units where neither tells', () => {
    const cells = [...hours(5, 100).map((s) => Number(s) * 1000), 1_900_000_000, 1_500_000_000, 1_800_000_000];
    expect(() => read(cells)).toThrow(AppError);
    expect(() => read(cells)).toThrow(/milliseconds and in seconds \(row 6: 1900000000\)/);
  });

  it('keeps milliseconds of the early seventies', () => {
    const cells = upTo(4000, (k) => (k - 100) * 86_400_000);
    expect(read(cells)).toMatchObject({ repaired: 0, format: 'epoch milliseconds' });
    expect(read(cells).times[110]).toBe('1970-01-11T00:00Z');
  });

  const isoDay = (k: number) => iso(k * 86_400_000);
  it.each<[string, readonly number[]]>([
    ['from 1970 to 1974', upTo(1300, (k) => k + 1) as number[]],
    ['of 1971 and 1972', upTo(700, (k) => 365 + k) as number[]],
    ['from 1970 on, two rows exchanged', [...(upTo(9000, (k) => k + 1) as number[]), 9002, 9001, 9003]],
    ['from 1970 on, some days twice', [...(upTo(9000, (k) => k + 1) as number[]), 7001, 7002]],
    ['from 1970 on, the latest first but one', [...(upTo(9000, (k) => 9000 - k) as number[]), 9001]],
  ])('reads days %s in the unit of the file', (_, days) => {
    for (const [unit, format] of [
      [1, 'epoch milliseconds'],
      [1000, 'epoch microseconds'],
    ] as const) {
      const found = read(days.map((day) => day * 86_400_000 * unit));
      expect(found).toMatchObject({ repaired: 0, format, notes: [] });
      expect(found.times).toEqual(days.map(isoDay));
    }
  });
});

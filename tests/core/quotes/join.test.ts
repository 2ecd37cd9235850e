import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import type { RawTable } from '#core/table/table.ts';
import { bar, config, type Row, table } from '../bars/make-table.ts';

const minute = 60_000;
const from = Date.UTC(2024, 0, 1);
const names = ['time', 'open', 'high', 'low', 'close', 'volume'];

/** A file of bars: `count` of them from bar `start` on, `step` apart. */
function file(
  name: string,
  {
    start = 0,
    count = 30,
    step = minute,
    close = 100,
    unit = 1,
    header = names as string[] | null,
    extra = [] as Row,
  } = {},
) {
  const rows = Array.from({ length: count }, (_, k): Row => {
    const at = from + start * minute + k * step;
    return [...bar(at * unit, close + (start + (k * step) / minute) / 100), ...extra];
  });
  return { ...table(rows, header), name };
}

const join = (...files: RawTable[]) => cleanBars(files, config());

describe('files of one market', () => {
  it('may differ in unit, in header, and in the order of their columns', () => {
    const { bars, report } = join(
      file('b.csv', { start: 30, unit: 1000 }),
      file('a.csv', { header: null }),
      file('c.csv', { start: 60, unit: 1 / 1000, header: ['t', 'o', 'h', 'l', 'c', 'v'] }),
    );
    expect(report).toMatchObject({ bars: 90, inversions: 0, gaps: 0, step: minute });
    expect(report.notes).toContain('3 files joined');
    expect(bars.time[0]).toBe(from);
  });

  it('are joined by their first times, whatever their names', () => {
    const { report } = join(file('1.csv', { start: 60 }), file('2.csv', { start: 30 }), file('3.csv'));
    expect(report).toMatchObject({ bars: 90, inversions: 0 });
  });

  it('may overlap where they agree, and where the last bar of the earlier was unfinished', () => {
    expect(join(file('a.csv'), file('b.csv', { start: 20 })).report).toMatchObject({
      bars: 50,
      identicalDuplicates: 10,
    });
    const [whole, early] = [file('b.csv', { start: 29 }), file('a.csv')];
    whole.columns[2].numbers[0] += 5;
    whole.columns[4].numbers[0] += 1;
    whole.columns[5].numbers[0] += 7;
    const { bars, report } = join(early, whole);
    expect(report).toMatchObject({ bars: 59, conflictingDuplicates: 1 });
    expect(bars.volume[29]).toBe(8);
  });

  it('may be without rows, or sparse', () => {
    const { report } = join(file('a.csv'), { ...table([], names), name: 'empty.csv' });
    expect(report.notes).toContain('empty.csv has no rows');
    const sparse = file('b.csv', { start: 40, count: 6, step: 2 * minute });
    sparse.columns[0].numbers[5] = sparse.columns[0].numbers[4] + minute;
    expect(join(file('a.csv'), sparse).report.bars).toBe(36);
  });

  it('keep months and quarters of unequal length', () => {
    const month = (name: string, year: number) => {
      const rows = Array.from({ length: 12 }, (_, k): Row => bar(Date.UTC(year, k, 1)));
      return { ...table(rows, names), name };
    };
    expect(join(month('2023.csv', 2023), month('2024.csv', 2024)).report.bars).toBe(24);
  });
});

describe('files that disagree', () => {
  const refused = (says: RegExp, ...files: RawTable[]) => expect(() => join(...files)).toThrow(says);

  it('in step', () => {
    refused(
      /a\.csv has a bar every 1m, b\.csv every 1h/,
      file('b.csv', { start: 60, step: 60 * minute }),
      file('a.csv'),
    );
  });

  it('in prices where they overlap', () => {
    refused(
      /a\.csv and b\.csv overlap with other prices: at 2024-01-01 00:20 open 100\.2, .* in the one, open 300\.2/,
      file('a.csv'),
      file('b.csv', { start: 20, close: 300 }),
    );
    refused(
      /overlap with other prices/,
      file('a.csv', { count: 90 }),
      file('c.csv', { start: 60, count: 3, close: 101 }),
    );
  });

  it('in columns', () => {
    const close = {
      ...table(
        Array.from({ length: 9 }, (_, k): Row => [from + (90 + k) * minute, 1, 2]),
        ['time', 'close', 'volume'],
      ),
      name: 'close.csv',
    };
    refused(/close\.csv has no column for open, high and low, and a\.csv has "open"/, file('a.csv'), close);
    refused(
      /b\.csv has no column for volume, and a\.csv has "volume"/,
      file('a.csv'),
      file('b.csv', { start: 30, header: [...names.slice(0, 5), 'x'] }),
    );
    refused(
      /times of b\.csv \("close_time"\) are those of closes/,
      file('a.csv'),
      file('b.csv', { start: 30, header: ['close_time', ...names.slice(1)] }),
    );
  });

  it('in instrument', () => {
    const header = [...names, 'symbol'];
    const [aaa, bbb] = [
      file('a.csv', { header, extra: ['AAA'] }),
      file('b.csv', { header, extra: ['BBB'], start: 30 }),
    ];
    refused(/a\.csv is of "AAA", b\.csv of "BBB"/, aaa, bbb);
    expect(cleanBars([aaa, bbb], config({ symbol: 'BBB' })).report).toMatchObject({
      bars: 30,
      otherInstruments: 30,
      symbol: 'BBB',
    });
    expect(join(aaa, file('b.csv', { header, extra: ['AAA'], start: 30 })).report).toMatchObject({
      bars: 60,
      symbol: 'AAA',
    });
  });

  it('name the file that cannot be understood', () => {
    refused(/b\.csv/, file('a.csv'), { ...table([['x', 'y']], ['p', 'q']), name: 'b.csv' });
  });
});

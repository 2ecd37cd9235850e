import { describe, expect, it } from 'vitest';
import { joinDateParts } from '#core/quotes/date-parts.ts';
import { cellText } from '#core/table/column.ts';
import { table } from '../bars/make-table.ts';

const times = (source: ReturnType<typeof table>) => {
  const { names, columns, rows } = joinDateParts(source);
  return [names, Array.from({ length: rows }, (_, row) => cellText(columns[0], row))];
};

describe('times cut into columns', () => {
  it('are put together in place of the first', () => {
    const cells = [
      [2024, 10, 28, 9, 30, 5],
      [2024, 10, 28, 9, 45, 6],
    ];
    expect(times(table(cells, ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Close']))).toEqual([
      ['Year + Month + Day + Hour + Minute', 'Close'],
      ['2024-10-28 09:30:00', '2024-10-28 09:45:00'],
    ]);
  });

  it('take a clock of its own column, and months alone', () => {
    expect(times(table([[2024, 1, 2, '09:30', 5]], ['Jahr', 'Monat', 'Tag', 'Uhrzeit', 'Schluss']))).toEqual([
      ['Jahr + Monat + Tag + Uhrzeit', 'Schluss'],
      ['2024-01-02 09:30'],
    ]);
    expect(times(table([[2024, 1, 5]], ['year', 'month', 'close']))).toEqual([['year + month', 'close'], ['2024-01']]);
  });

  it.each([
    ['beside a column of times', [['2024-01-02', 2024, 1, 2, 5]], ['Date', 'Year', 'Month', 'Day', 'Close']],
    ['of numbers that are none', [[2024, 13, 2, 5]], ['Year', 'Month', 'Day', 'Close']],
    ['of a year alone', [[2024, 5]], ['Year', 'Close']],
  ])('stay as they are %s', (_, cells, names) => {
    const source = table(cells, names);
    expect(joinDateParts(source)).toBe(source);
  });
});

import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { day, hour } from '#core/time/timeframe.ts';
import { config, type Row, start, table } from './make-table.ts';

/** Bars that move by about half a percent, times a factor from the middle one on, at 22:00 where they are hours. */
const jump = (factor: (row: number) => number, step: number = day): Row[] =>
  Array.from({ length: 120 }, (_, row) => {
    const close = (100 + Math.sin(row * 1.7)) * factor(row);
    const open = (100 + Math.sin((row - 1) * 1.7)) * factor(row);
    return [start + row * step, open, Math.max(open, close), Math.min(open, close), close, 5];
  });

const notes = (rows: readonly Row[]): string => cleanBars([table(rows)], config()).report.notes.join('\n');

describe('an unadjusted split', () => {
  it.each([
    [1 / 4, 'falls to 1/4'],
    [1 / 2, 'falls to 1/2'],
    [2 / 3, 'falls to 1/1.5'],
    [1 / 20, 'falls to 1/20'],
    [2, 'rises to 2 times'],
    [10, 'rises to 10 times'],
  ])('by %f is named with its date', (factor, words) => {
    const said = notes(jump((row) => (row < 60 ? 1 : factor)));
    expect(said).toContain(`the price ${words} at 2024-03-01 00:00 and stays there: an unadjusted split?`);
  });

  it('is no jump by another ratio, none that returns, and none nearly so within a session', () => {
    expect(notes(jump((row) => (row < 60 ? 1 : 0.58)))).not.toMatch(/split/);
    expect(notes(jump((row) => (row < 60 || row > 62 ? 1 : 0.5)))).not.toMatch(/split/);
    expect(notes(jump((row) => (row < 60 ? 1 : 0.506), hour))).not.toMatch(/split/);
    expect(notes(jump((row) => (row < 72 ? 1 : 0.506), hour))).toMatch(/falls to 1\/2 at 2024-01-04 00:00/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { minute } from '#core/time/timeframe.ts';
import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { bar, type CellValue, config, start, table } from './make-table.ts';

describe('cleanBars on anything', () => {
  const cell = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.string({ maxLength: 30 }),
    fc.constantFrom<CellValue>(
      null,
      undefined,
      '2024-01-01',
      '1/2/2024',
      '2024-01-01 10:00',
      start,
      new Date(NaN),
      10 ** 30,
    ),
  );
  const names = fc.oneof(
    fc.constant(null),
    fc.constant(['time', 'open', 'high', 'low', 'close', 'volume']),
    fc.array(
      fc.oneof(fc.constantFrom('time', 'date', 'close', 'volume', '__proto__', 'constructor', ''), fc.string()),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
  );

  it('either gives bars that keep their promises or throws an AppError', () => {
    fc.assert(
      fc.property(
        names,
        fc.array(fc.array(cell, { minLength: 6, maxLength: 8 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('UTC', 'Europe/Berlin', '-05:00'),
        fc.constantFrom<DataConfig['gaps']['policy']>('break', 'fill', 'ignore'),
        (header, rows, timezone, policy) => {
          try {
            expectSound(cleanBars([table(rows, header)], config({ timezone, gaps: { policy, max_fill: 5 } })));
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('gives bars that keep their promises from times in any order, with gaps, doubles and odd seconds', () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map((k) => start + k * minute),
      fc.integer({ min: 0, max: 300_000 }).map((k) => start + k * 60),
    );
    const rows = fc.array(fc.tuple(time, fc.integer({ min: 1, max: 5 })), { minLength: 2, maxLength: 200 });
    let sound = 0;
    fc.assert(
      fc.property(rows, fc.constantFrom<DataConfig['gaps']['policy']>('break', 'fill', 'ignore'), (made, policy) => {
        try {
          expectSound(
            cleanBars(
              [table(made.map(([at, close]) => bar(at, close + 1)))],
              config({ gaps: { policy, max_fill: 3 } }),
            ),
          );
          sound++;
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
    expect(sound).toBeGreaterThan(0);
  });
});

function expectSound({ bars, report }: ReturnType<typeof cleanBars>): void {
  const { time, open, high, low, close, volume, segment, filled, step } = bars;
  expect(time.length).toBeGreaterThanOrEqual(2);
  expect(step).toBeGreaterThan(0);
  for (let i = 0; i < time.length; i++) {
    expect(high[i] >= Math.max(open[i], close[i]) && low[i] <= Math.min(open[i], close[i])).toBe(true);
    expect(low[i] > 0 && high[i] < Infinity && volume[i] >= 0).toBe(true);
    if (i === 0) continue;
    expect(time[i]).toBeGreaterThan(time[i - 1]);
    expect([0, 1]).toContain(segment[i] - segment[i - 1]);
  }
  expect(filled.reduce((sum, flag) => sum + flag, 0)).toBe(report.filledBars);
  expect(report.bars).toBe(time.length);
  expect(report.segments).toBe(segment[segment.length - 1] + 1);
}

import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { day } from '#core/time/timeframe.ts';
import { pricePlot } from '#lib/chart/price-plot.ts';
import { bar, config, start, table } from '#tests/core/bars/make-table.ts';

describe('price chart', () => {
  // Ten weeks of weekdays, one of them missing whole, and a bad tick.
  const weekdays = Array.from({ length: 70 }, (_, k) => k).filter((k) => k % 7 < 5 && (k < 35 || k > 39));
  const { bars, report } = cleanBars(
    [table(weekdays.map((k) => bar(start + k * day, k === 15 ? 9_000 : 100 + (k % 3))))],
    config(),
  );
  const frame = (from: number, to: number) => ({
    width: 600,
    height: 240,
    domain: [start + from * day, start + to * day] as const,
    log: false,
    isWhole: false,
  });
  const found = { outliers: report.outlierTimes, standstills: report.standstillTimes };
  const draw = (from: number, to: number) => Plot.plot(pricePlot(bars, null, frame(from, to), found));

  it('shades gaps, and no weekend', () => {
    expect(report).toMatchObject({ gaps: 1, closures: 7 });
    const shaded = draw(0, 70).querySelectorAll('g[fill="var(--down, #b3261e)"][fill-opacity="0.18"] rect');
    expect(shaded).toHaveLength(1);
  });

  it('marks an outlier, while it is in view, with its time and its price', () => {
    const marks = draw(0, 70).querySelectorAll('g[aria-label="dot"] path');
    expect(marks).toHaveLength(1);
    expect(marks[0]?.textContent).toBe('outlier at 2024-01-16 00:00 UTC: high 9,001');
    expect(draw(20, 70).querySelectorAll('g[aria-label="dot"]')).toHaveLength(0);
  });

  it('leaves an outlier out of the axis, for lines and for candles, so that the prices are seen', () => {
    for (const [from, to] of [
      [0, 70],
      [10, 20],
    ]) {
      const domain = draw(from, to).scale('y')?.domain as readonly number[];
      expect(Math.max(...domain)).toBeLessThan(110);
      expect(Math.min(...domain)).toBeGreaterThan(90);
    }
  });

  it('points down at an outlier below, and says of one that is not among the bars that it was left out', () => {
    const rows = weekdays.map((k) => bar(start + k * day, k === 15 ? 10 : 100 + (k % 3)));
    for (const outliers of ['note', 'drop'] as const) {
      const made = cleanBars([table(rows)], config({ outliers }));
      const marked = { outliers: made.report.outlierTimes, standstills: [] };
      const plot = Plot.plot(pricePlot(made.bars, null, frame(0, 70), marked));
      const [mark, ...others] = plot.querySelectorAll('g[aria-label="dot"] path');
      expect(others).toEqual([]);
      expect(mark?.textContent).toBe(
        outliers === 'drop' ? 'outlier at 2024-01-16 00:00 UTC: left out' : 'outlier at 2024-01-16 00:00 UTC: low 9',
      );
      expect(mark?.getAttribute('transform')?.includes('rotate(180)')).toBe(outliers === 'note');
    }
  });

  it('shades stretches that stand still, with their times, and names them where there is room', () => {
    const quiet = Array.from({ length: 70 }, (_, k) => {
      const price = k >= 30 && k < 50 ? 100 : 100 + (k % 3);
      return k > 30 && k < 50 ? [start + k * day, 100, 100, 100, 100, 0] : bar(start + k * day, price);
    });
    const made = cleanBars([table(quiet)], config());
    expect(made.report.standstillTimes).toEqual([[start + 31 * day, start + 50 * day]]);
    const { standstillTimes: standstills } = made.report;
    const plot = Plot.plot(pricePlot(made.bars, null, frame(0, 70), { outliers: [], standstills }));
    const bands = [...plot.querySelectorAll('title')].map((title) => title.textContent);
    expect(bands).toEqual(['standing still from 2024-02-01 00:00 to 2024-02-20 00:00 UTC']);
    expect(plot.textContent).toMatch(/UTC.*standing still/);
  });
});

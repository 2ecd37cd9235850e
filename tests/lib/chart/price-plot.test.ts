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
  });
  const draw = (from: number, to: number) => Plot.plot(pricePlot(bars, null, frame(from, to), report.outlierTimes));

  it('shades gaps, and no weekend', () => {
    expect(report).toMatchObject({ gaps: 1, closures: 7 });
    const shaded = draw(0, 70).querySelectorAll('g[fill="var(--down, #b3261e)"][fill-opacity="0.18"] rect');
    expect(shaded).toHaveLength(1);
  });

  it('marks an outlier, while it is in view, with its time', () => {
    const marks = draw(0, 70).querySelectorAll('g[aria-label="dot"] path');
    expect(marks).toHaveLength(1);
    expect(marks[0]?.textContent).toContain('outlier at 2024-01-16T00:00:00.000Z');
    expect(draw(20, 70).querySelectorAll('g[aria-label="dot"]')).toHaveLength(0);
  });
});

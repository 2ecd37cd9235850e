import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import type { ChartFrame } from '#lib/chart/chart-frame.ts';
import type { LineSeries } from '#lib/chart/line-series.ts';
import { stackPlot } from '#lib/chart/stack-plot.ts';
import { valueAxis } from '#lib/chart/x-axis.ts';

const frame = { width: 600, height: 180, domain: [0, 3] as const, log: false, isWhole: false };
const x = [0, 1, 2, 3];
const draw = (layers: readonly LineSeries[], own: ChartFrame = frame) =>
  Plot.plot(stackPlot(layers, { axis: valueAxis('step') }, own).options);

describe('stacked areas', () => {
  it('lie on each other, and their top is the sum', () => {
    const layers = [
      { label: 'data', x, y: [1, 1, 1, 1] },
      { label: 'forward', x, y: [2, NaN, 3, 2] },
    ];
    const plot = draw(layers);
    expect(plot.querySelectorAll('g[aria-label="area"]')).toHaveLength(2);
    const scale = draw(layers).scale('y');
    expect(scale?.domain).toEqual([0, 4]);
  });

  it('are not flattened by a first step that warms everything up', () => {
    const y = [900, 20, 20, 19, 21, 20, 18];
    const wide = { ...frame, domain: [0, 6] as const };
    const layers = [{ label: 'step', x: y.map((_, i) => i), y }];
    expect(draw(layers, wide).scale('y')?.domain).toEqual([0, 25]);
    expect(draw(layers, { ...wide, isWhole: true }).scale('y')?.domain).toEqual([0, 1000]);
  });

  it('stay a few thousand points however long the run, with edges that meet', () => {
    const long = Float64Array.from({ length: 500_000 }, (_, i) => i);
    const layers = ['a', 'b'].map((label, k) => ({ label, x: long, y: long.map((i) => 1 + Math.sin(i * (k + 1))) }));
    const plot = draw(layers, { ...frame, domain: [0, 499_999] });
    const [first, second] = [...plot.querySelectorAll('g[aria-label="area"] path')].map(
      (path) => path.getAttribute('d')?.split(/[ML]/).length ?? 0,
    );
    expect(first).toBe(second);
    expect(first).toBeGreaterThan(500);
    expect(first).toBeLessThan(2 * (4 * 600 + 6));
  });
});

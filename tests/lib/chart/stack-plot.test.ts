import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { stackPlot } from '#lib/chart/stack-plot.ts';

const layout = { xLabel: 'step', time: false, marks: [] };
const frame = { width: 600, height: 180, domain: [0, 3] as const, log: false };
const x = [0, 1, 2, 3];

describe('stacked areas', () => {
  it('lie on each other, and their top is the sum', () => {
    const layers = [
      { label: 'data', x, y: [1, 1, 1, 1] },
      { label: 'forward', x, y: [2, NaN, 3, 2] },
    ];
    const plot = Plot.plot(stackPlot(layers, layout, frame));
    expect(plot.querySelectorAll('g[aria-label="area"]')).toHaveLength(2);
    const scale = Plot.plot(stackPlot(layers, layout, frame)).scale('y');
    expect(scale?.domain).toEqual([0, 4]);
  });

  it('are not flattened by a first step that warms everything up', () => {
    const scale = Plot.plot(stackPlot([{ label: 'step', x, y: [900, 20, 20, 19] }], layout, frame)).scale('y');
    expect(scale?.domain).toEqual([0, 20]);
  });

  it('stay a few thousand points however long the run, with edges that meet', () => {
    const long = Float64Array.from({ length: 500_000 }, (_, i) => i);
    const layers = ['a', 'b'].map((label, k) => ({ label, x: long, y: long.map((i) => 1 + Math.sin(i * (k + 1))) }));
    const plot = Plot.plot(stackPlot(layers, layout, { ...frame, domain: [0, 499_999] }));
    const [first, second] = [...plot.querySelectorAll('g[aria-label="area"] path')].map(
      (path) => path.getAttribute('d')?.split(/[ML]/).length ?? 0,
    );
    expect(first).toBe(second);
    expect(first).toBeGreaterThan(500);
    expect(first).toBeLessThan(2 * (4 * 600 + 6));
  });
});

import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { histogram } from '#core/chart/histogram.ts';
import { histogramPlot } from '#lib/chart/histogram-plot.ts';

const frame = { width: 400, height: 40 };
const draw = (values: ArrayLike<number>, bins?: number) =>
  Plot.plot({ ...histogramPlot(histogram(values, bins), frame), ...frame });
const rects = (plot: Element) => [...plot.querySelectorAll('g[aria-label="rect"] rect')];
const sizes = (plot: Element, name: string) => rects(plot).map((rect) => Number(rect.getAttribute(name)));

describe('a histogram', () => {
  it('has a bar a bin, the highest as high as the frame, and says how many rows each has', () => {
    const plot = draw([0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2], 2);
    expect(sizes(plot, 'height')).toEqual([16, 40]);
    expect(sizes(plot, 'width').every((width) => Math.abs(width - 0.92 * 200) < 1e-9)).toBe(true);
    expect(rects(plot)[1].querySelector('title')?.textContent).toBe('1 to 2: 10 rows');
  });

  it('draws no axis: beside it stand its ends', () => {
    expect(draw([1, 2, 3]).querySelectorAll('[aria-label*="axis"]')).toHaveLength(0);
  });

  it('is one bar where all values are equal, and none where there is none', () => {
    expect(sizes(draw([5, 5, 5]), 'height')).toEqual([40]);
    expect(sizes(draw([NaN]), 'height')).toEqual([0]);
  });
});

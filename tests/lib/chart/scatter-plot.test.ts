import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { binColor, scatterMarks } from '#lib/chart/scatter-plot.ts';

/** What forecasts of returns look like: wide in what came, narrow in what was said. */
const points = (n: number) =>
  Array.from({ length: n }, (_, k) => ({ x: 0.1 * Math.sin(k * 12.9898), y: 0.01 * Math.sin(k * 78.233) }));
const draw = (n: number, frame: { width: number; height: number }, domain: [number, number] = [-0.12, 0.12]) =>
  Plot.plot({ ...frame, x: { domain }, color: binColor, marks: [...scatterMarks(points(n), frame)] });
const sides = (plot: Element, name: string) =>
  [...plot.querySelectorAll('g[aria-label="rect"] rect')].map((rect) => Number(rect.getAttribute(name)));

describe('a scatter', () => {
  it('has a dot a point while they can be told apart', () => {
    expect(draw(2000, { width: 900, height: 260 }).querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(2000);
  });

  it.each([
    { width: 900, height: 260 },
    { width: 1400, height: 260 },
    { width: 300, height: 220 },
  ])('has bins that can be seen where there are more, in $width × $height', (frame) => {
    const plot = draw(3000, frame);
    expect(sides(plot, 'width').length).toBeGreaterThan(20);
    expect(Math.min(...sides(plot, 'width'), ...sides(plot, 'height'))).toBeGreaterThan(2);
  });

  it('draws no bin outside its frame when one looks closer', () => {
    const plot = draw(3000, { width: 600, height: 260 }, [-0.01, 0.01]);
    expect(plot.querySelector('g[aria-label="rect"]')?.getAttribute('clip-path')).not.toBeNull();
  });
});

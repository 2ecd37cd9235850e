import * as Plot from '@observablehq/plot';
import type { ChartFrame } from './chart-frame.ts';

interface ScatterPoint {
  readonly x: number;
  readonly y: number;
}

/** Above this many points dots hide each other and cost time: shaded bins say more. */
const mostDots = 2000;
/** Pixels that a bin has at least, each way: one of a pixel would be lost between its neighbours. */
const binSize = 8;

/** Points as dots or, of many, as bins that are the darker the more of them lie there. */
export function scatterMarks(
  points: readonly ScatterPoint[],
  { width, height }: Pick<ChartFrame, 'width' | 'height'>,
): readonly Plot.Markish[] {
  if (points.length <= mostDots) {
    return [
      Plot.dot(points, { x: 'x', y: 'y', r: 2, fill: 'var(--series-1, #0072b2)', fillOpacity: 0.45, clip: true }),
    ];
  }
  const bins = (pixels: number) => Math.max(1, Math.floor(pixels / (2 * binSize)));
  const binned: Plot.BinInputs<Plot.RectOptions> = {
    x: { value: 'x', thresholds: bins(width) },
    y: { value: 'y', thresholds: bins(height) },
    inset: 0,
    clip: true,
  };
  return [Plot.rect(points, Plot.bin({ fill: 'count' }, binned))];
}

/** From the page's ground to its ink, so that sparse bins fade out in the dark as in the light. */
export const binColor: Plot.ScaleOptions = {
  type: 'sqrt',
  interpolate: (t: number) => `color-mix(in oklab, var(--series-1, #0072b2) ${Math.round(30 + 70 * t)}%, transparent)`,
};

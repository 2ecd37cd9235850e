import * as Plot from '@observablehq/plot';
import { decimate } from '#core/chart/decimate.ts';
import type { ChartFrame } from './chart-frame.ts';
import { axesOf, type LineLayout, type LineSeries } from './line-plot.ts';
import { seriesColor } from './palette.ts';

/**
 * Layers on top of each other from columns to Plot options; their upper edge is the sum. All layers have the same x. Points
 * are thinned by the sum, for all layers at once, so that edges meet. A NaN counts as nothing. The axis always begins at
 * zero and ends at the largest sum after the first point: the first step of a run, which warms everything up, would else
 * flatten all others, and is cut off at the top.
 */
export function stackPlot(layers: readonly LineSeries[], layout: LineLayout, frame: ChartFrame): Plot.PlotOptions {
  const x = layers[0]?.x ?? [];
  const sums = Float64Array.from(x, (_, i) => layers.reduce((sum, { y }) => sum + (y[i] || 0), 0));
  const kept = decimate(x, sums, Math.max(50, Math.round(frame.width)), frame.domain[0], frame.domain[1]);
  const base = new Float64Array(kept.length);
  const marks = layers.map(({ y, role }, index) => {
    const points = Array.from(kept, (i, k) => {
      const y1 = base[k] ?? 0;
      base[k] = y1 + (y[i] || 0);
      return { x: x[i] ?? NaN, y1, y2: base[k] };
    });
    return Plot.areaY(points, {
      x: 'x',
      y1: 'y1',
      y2: 'y2',
      fill: seriesColor(role, index),
      fillOpacity: 0.75,
      clip: true,
    });
  });
  const top = (kept.length > 1 ? kept.subarray(1) : kept).reduce((most, i) => Math.max(most, sums[i] ?? 0), 0);
  const { y, ...axes } = axesOf({ ...layout, yDomain: [0, top || 1] }, { ...frame, log: false });
  return { ...axes, y, marks };
}

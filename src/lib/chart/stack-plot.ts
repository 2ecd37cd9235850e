import * as Plot from '@observablehq/plot';
import type { Build, ChartFrame } from './chart-frame.ts';
import { axesOf, type LineLayout } from './line-plot.ts';
import { drawLines, lineScale } from './line-scale.ts';
import type { LineSeries } from './line-series.ts';
import { seriesColor } from './palette.ts';

/**
 * Layers on top of each other from columns to Plot options; their upper edge is the sum. All layers have the same x. Points
 * are thinned by the sum, for all layers at once, so that edges meet. A NaN counts as nothing. The axis always begins at
 * zero; what sets its end is the sum, as of a line: the first step of a run, which warms everything up, flattens none.
 */
export function stackPlot(layers: readonly LineSeries[], layout: LineLayout, frame: ChartFrame): ReturnType<Build> {
  const x = layers[0]?.x ?? [];
  const sums = Float64Array.from(x, (_, i) => layers.reduce((sum, { y }) => sum + (y[i] || 0), 0));
  const linear = { ...frame, log: false };
  const lines = drawLines([{ label: 'sum', x, y: sums, area: true }], linear);
  const { ticks, outside } = lineScale({ lines, levels: [], marks: [] }, linear);
  const kept = lines[0]?.kept ?? new Int32Array(0);
  const base = new Float64Array(kept.length);
  const areas = layers.map(({ y, role }, index) => {
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
  const places = (layout.marks ?? []).map(({ x: at }) =>
    Plot.ruleX([at], { stroke: 'var(--text, currentcolor)', strokeOpacity: 0.6, strokeDasharray: '1 3', clip: true }),
  );
  return { options: { ...axesOf(layout, ticks, linear), marks: [...areas, ...places] }, outside };
}

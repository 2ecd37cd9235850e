import * as Plot from '@observablehq/plot';
import type { DiffForecasts } from '#core/api/run-diff.ts';
import { fromEventNumber } from '#core/run/event.ts';
import type { XWindow } from '#lib/chart/x-window.ts';

/** The price over a span as one line without axes. */
export function stripPlot({ time, close }: NonNullable<DiffForecasts['overview']>, span: XWindow): Plot.PlotOptions {
  const points = time.map((at, i) => ({ x: at, y: fromEventNumber(close[i]) }));
  return {
    margin: 0,
    marginTop: 4,
    marginBottom: 4,
    x: { domain: [...span], axis: null },
    y: { axis: null },
    marks: [Plot.lineY(points, { x: 'x', y: 'y', stroke: 'var(--soft)', strokeWidth: 1, clip: true })],
  };
}

import * as Plot from '@observablehq/plot';
import type { Histogram } from '#core/chart/histogram.ts';
import { formatCounted, formatNumber } from '#lib/ui/format.ts';
import type { ChartFrame } from './chart-frame.ts';

/** Bars of a histogram without axes, the highest as high as the frame: a shape to take in beside a curve. */
export function histogramPlot({ edges, counts }: Histogram, { width }: Pick<ChartFrame, 'width'>): Plot.PlotOptions {
  const bins = counts.map((count, i) => ({ x1: edges[i] ?? NaN, x2: edges[i + 1] ?? NaN, count }));
  return {
    margin: 0,
    x: { domain: [edges[0] ?? 0, edges.at(-1) ?? 1], axis: null },
    y: { domain: [0, Math.max(1, ...counts)], axis: null },
    marks: [
      Plot.rectY(bins, {
        x1: 'x1',
        x2: 'x2',
        y: 'count',
        title: ({ x1, x2, count }: (typeof bins)[number]) =>
          `${formatNumber(x1)} to ${formatNumber(x2)}: ${formatCounted(count, 'row')}`,
        insetRight: (0.08 * width) / counts.length,
        fill: 'var(--series-1, #0072b2)',
        fillOpacity: 0.55,
      }),
    ],
  };
}

interface HistogramEnds {
  /** What stands at its ends: ≤ and ≥ where rows beyond them are counted in the outer bins. */
  readonly low: string;
  readonly high: string;
  /** Rows that are not where they seem to be, or nowhere. */
  readonly notes: readonly string[];
}

/** The ends of a histogram and what its bars do not say. */
export function histogramEnds({ edges, missing, outside: [below, above] }: Histogram): HistogramEnds {
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 0].map(formatNumber);
  const beyond = below + above;
  return {
    low: below > 0 ? `≤ ${low}` : low,
    high: above > 0 ? `≥ ${high}` : high,
    notes: [
      ...(missing > 0 ? [`${formatCounted(missing, 'row')} without a value, not counted`] : []),
      ...(beyond > 0 ? [`${formatCounted(beyond, 'row')} beyond the ends, in the outer bars`] : []),
    ],
  };
}

import * as Plot from '@observablehq/plot';
import type { Reliability } from '#core/run/result.ts';
import { formatCounted, formatNumber } from '#lib/ui/format.ts';

type Bin = Reliability['bins'][number];

/**
 * Observed share of "up" over the forecast probability, a dot a bin with its interval and as large as its share of the
 * rows. Perfect forecasts lie on the diagonal. The horizontal axis shows the part that holds the bins, and no less than a
 * tenth; the vertical one as much, and all of the intervals.
 */
export function reliabilityPlot({ bins }: Reliability): Plot.PlotOptions {
  const [low, high] = rangeOf(bins);
  const least = Math.min(low, ...bins.map((bin) => bin.low));
  const furthest = Math.max(high, ...bins.map((bin) => bin.high));
  const most = Math.max(...bins.map(({ n }) => n));
  return {
    marginLeft: 46,
    marginBottom: 36,
    marginTop: 8,
    marginRight: 12,
    x: {
      domain: [low, high],
      label: 'forecast probability of up',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 4,
    },
    y: { domain: [least, furthest], label: null, ticks: 4, grid: true },
    marks: [
      Plot.link([{ low, high }], {
        x1: 'low',
        y1: 'low',
        x2: 'high',
        y2: 'high',
        stroke: 'var(--text-muted, #767676)',
        strokeDasharray: '5 3',
      }),
      Plot.ruleX(bins, {
        x: 'forecast',
        y1: 'low',
        y2: 'high',
        stroke: 'var(--series-1, #0072b2)',
        strokeOpacity: 0.55,
        strokeWidth: 1.5,
      }),
      Plot.line(bins, { x: 'forecast', y: 'observed', stroke: 'var(--series-1, #0072b2)', strokeOpacity: 0.5 }),
      Plot.dot(bins, {
        x: 'forecast',
        y: 'observed',
        r: ({ n }: Bin) => 2.5 + 4 * Math.sqrt(n / most),
        fill: 'var(--series-1, #0072b2)',
        title: ({ forecast, observed, n }: Bin) =>
          `forecast ${formatNumber(forecast)}, came ${formatNumber(observed)} of ${formatCounted(n, 'row')}`,
      }),
    ],
  };
}

function rangeOf(bins: readonly Bin[]): readonly [number, number] {
  const ends = bins.flatMap(({ forecast, observed }) => [forecast, observed]);
  const middle = (Math.min(...ends) + Math.max(...ends)) / 2;
  const half = Math.max(0.05, (Math.max(...ends) - Math.min(...ends)) * 0.6);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

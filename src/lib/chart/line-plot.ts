import * as Plot from '@observablehq/plot';
import { decimate } from '#core/chart/decimate.ts';
import { formatNumber } from '#lib/ui/format.ts';
import type { ChartFrame } from './chart-frame.ts';
import { type SeriesRole, seriesColor } from './palette.ts';
import type { ChartTable } from './table.ts';

export interface LineSeries {
  readonly label: string;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly style?: 'solid' | 'dashed';
  readonly role?: SeriesRole;
  /** Drawn thin and pale behind the line: the values as they were before smoothing. */
  readonly raw?: ArrayLike<number>;
  /** Fills down to zero, for utilisation and the like. */
  readonly area?: boolean;
}

export interface LineMark {
  readonly x: number;
  readonly y?: number;
  readonly label: string;
}

export interface LineLayout {
  readonly xLabel: string;
  readonly yLabel?: string;
  readonly time: boolean;
  readonly marks: readonly LineMark[];
  /** Smallest y domain, e.g. [0, 100] for percents. */
  readonly yDomain?: readonly [number, number];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointsOf(series: LineSeries, y: ArrayLike<number>, frame: ChartFrame): readonly Point[] {
  // One bucket a pixel column is all a screen can show.
  const kept = decimate(series.x, y, Math.max(50, Math.round(frame.width)), frame.domain[0], frame.domain[1]);
  return Array.from(kept, (i) => {
    const value = y[i] ?? NaN;
    return { x: series.x[i] ?? NaN, y: frame.log && value <= 0 ? NaN : value };
  });
}

/** Margins and axes of a chart over x. */
export function axesOf(layout: LineLayout, frame: ChartFrame): Plot.PlotOptions {
  return {
    // Seven digits, as of 0.01448, are the longest tick.
    marginLeft: 60,
    marginRight: 12,
    marginTop: 8,
    marginBottom: 36,
    insetRight: 4,
    x: {
      domain: [...frame.domain],
      type: layout.time ? 'utc' : 'linear',
      label: layout.xLabel,
      labelArrow: 'none',
      ticks: frame.width < 420 ? 4 : 7,
    },
    y: {
      type: frame.log ? 'log' : 'linear',
      label: layout.yLabel ?? null,
      labelArrow: 'none',
      grid: true,
      nice: true,
      ticks: 4,
      tickFormat: (value: number) => formatNumber(value),
      ...(layout.yDomain && !frame.log ? { domain: [...layout.yDomain] } : { zero: false }),
    },
  };
}

/** Line chart from columns to Plot options: pure, and of at most a few thousand points however long the series. */
export function linePlot(series: readonly LineSeries[], layout: LineLayout, frame: ChartFrame): Plot.PlotOptions {
  const drawn = series.map((one, index) => ({
    one,
    color: seriesColor(one.role, index),
    points: pointsOf(one, one.y, frame),
    raw: one.raw ? pointsOf(one, one.raw, frame) : null,
  }));
  const single = drawn.every(({ points }) => points.length <= 1);
  return {
    ...axesOf(layout, frame),
    marks: [
      ...drawn.flatMap(({ one, color, points, raw }) => [
        ...(one.area ? [Plot.areaY(points, { x: 'x', y: 'y', fill: color, fillOpacity: 0.15, clip: true })] : []),
        ...(raw
          ? [Plot.lineY(raw, { x: 'x', y: 'y', stroke: color, strokeOpacity: 0.28, strokeWidth: 1, clip: true })]
          : []),
        Plot.lineY(points, {
          x: 'x',
          y: 'y',
          stroke: color,
          strokeWidth: one.role === 'parent' || one.role === 'baseline' ? 1.25 : 1.75,
          strokeDasharray:
            one.style === 'dashed' || one.role === 'baseline' || one.role === 'parent' ? '4 3' : undefined,
          clip: true,
        }),
        ...(one.role !== 'baseline' && (single || points.length < 3)
          ? [Plot.dot(points, { x: 'x', y: 'y', fill: color, r: 3 })]
          : []),
      ]),
      ...layout.marks.flatMap((mark) => [
        Plot.ruleX([mark.x], { stroke: 'var(--accent, #36c)', strokeOpacity: 0.5, strokeDasharray: '2 3', clip: true }),
        ...(mark.y === undefined
          ? []
          : [Plot.dot([mark], { x: 'x', y: 'y', r: 4, fill: 'var(--accent, #36c)', stroke: 'var(--surface, white)' })]),
        Plot.text([mark], { x: 'x', text: 'label', frameAnchor: 'top', dx: 4, dy: 2, textAnchor: 'start', clip: true }),
      ]),
    ],
  };
}

/** Stored points, all of them, by x: the table and the CSV never see a decimated or smoothed series. */
export function tableOfLines(series: readonly LineSeries[], xLabel: string, time: boolean): ChartTable {
  const byX = new Map<number, (number | string)[]>();
  series.forEach((one, column) => {
    const y = one.raw ?? one.y;
    for (let i = 0; i < one.x.length; i++) {
      const x = one.x[i] ?? NaN;
      const row = byX.get(x) ?? [time ? new Date(x).toISOString() : x, ...series.map(() => '')];
      row[column + 1] = y[i] ?? NaN;
      byX.set(x, row);
    }
  });
  const rows = [...byX.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
  return { columns: [xLabel, ...series.map((one) => one.label)], rows };
}

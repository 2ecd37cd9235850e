import * as Plot from '@observablehq/plot';
import { formatNumber } from '#lib/ui/format.ts';

/** A value with its 95 % interval, or without one where none is known. */
export interface IntervalRow {
  readonly label: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** The row that the picture is about. */
  readonly isMain: boolean;
}

/** A value that all rows are held against. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The one to beat is dashed, a remark dotted. */
  readonly style: 'dashed' | 'dotted';
}

/** Pixels of one row, and of the words of the bars above them and the axis below. */
const sizes = { row: 28, above: 34, below: 22, label: 128 } as const;

/** Pixels that so many rows take. */
export function intervalHeight(rows: number): number {
  return rows * sizes.row + sizes.above + sizes.below;
}

/** Values under each other on one axis, each a dot on its interval, and upright lines for what is to be beaten. */
export function intervalPlot(rows: readonly IntervalRow[], bars: readonly Bar[]): Plot.PlotOptions {
  const color = ({ isMain }: IntervalRow) => (isMain ? 'var(--series-2, #d55e00)' : 'var(--text-muted, #767676)');
  const words = { fill: 'var(--text, currentcolor)', fontSize: 12 } as const;
  return {
    marginLeft: sizes.label,
    marginRight: 14,
    marginTop: sizes.above,
    marginBottom: sizes.below,
    style: { fontSize: '12px' },
    x: { label: null, ticks: 4, nice: true, grid: true, tickFormat: (value: number) => formatNumber(value) },
    y: { type: 'point', domain: rows.map(({ label }) => label), axis: null, padding: 0.5 },
    marks: [
      ...bars.map((bar) =>
        Plot.ruleX([bar], {
          x: 'value',
          stroke: 'var(--text, currentcolor)',
          strokeDasharray: bar.style === 'dashed' ? '5 3' : '1 3',
          strokeWidth: 1.2,
        }),
      ),
      // One line each, so that two bars close to each other do not write over each other.
      ...bars.map((bar, index) =>
        Plot.text([bar], {
          ...words,
          fontSize: 11,
          x: 'value',
          text: ({ label, value }: Bar) => `${label} ${formatNumber(value)}`,
          frameAnchor: 'top',
          dy: -22 + 13 * (index % 2),
        }),
      ),
      Plot.link(
        rows.filter(({ low, high }) => low !== null && high !== null),
        { x1: 'low', x2: 'high', y1: 'label', y2: 'label', stroke: color, strokeWidth: 2, strokeOpacity: 0.65 },
      ),
      Plot.dot(rows, {
        x: 'value',
        y: 'label',
        r: ({ isMain }: IntervalRow) => (isMain ? 5 : 3.5),
        fill: color,
        title: ({ label, value, low, high }: IntervalRow) =>
          `${label}: ${value}${low === null || high === null ? '' : ` (${low} to ${high})`}`,
      }),
      ...[true, false].map((isMain) =>
        Plot.text(
          rows.filter((row) => row.isMain === isMain),
          {
            ...words,
            y: 'label',
            text: 'label',
            fontWeight: isMain ? 600 : 400,
            frameAnchor: 'left',
            textAnchor: 'start',
            dx: -sizes.label,
          },
        ),
      ),
    ],
  };
}

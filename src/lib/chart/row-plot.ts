import * as Plot from '@observablehq/plot';
import { formatCounted } from '#lib/ui/format.ts';

/** A part of all rows. */
export interface RowPart {
  readonly label: string;
  readonly count: number;
  /** A CSS colour. */
  readonly fill: string;
}

/** Pixels. */
export const rowPlotHeight = 14;

/** All rows as one bar, its parts beside each other in proportion. */
export function rowPlot(parts: readonly RowPart[]): Plot.PlotOptions {
  let end = 0;
  const pieces = parts.map((part) => ({ ...part, from: end, to: (end += part.count) }));
  return {
    margin: 0,
    x: { domain: [0, Math.max(1, end)], axis: null },
    y: { axis: null },
    marks: [
      Plot.barX(pieces, {
        x1: 'from',
        x2: 'to',
        fill: 'fill',
        insetLeft: 0.5,
        insetRight: 0.5,
        title: ({ label, count }: RowPart) => `${label}: ${formatCounted(count, 'row')}`,
      }),
    ],
    color: { type: 'identity' },
  };
}

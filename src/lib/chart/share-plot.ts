import * as Plot from '@observablehq/plot';
import { formatPercent } from '#lib/ui/format.ts';

/** A share of one with its name. */
export interface Share {
  readonly label: string;
  readonly value: number;
}

/** Pixels of one bar with its words. */
export const shareHeight = 20;

/** Pixels beside the bars for the names, and for the values. */
const sides = { label: 112, value: 72 } as const;

/** Shares under each other, each a bar on a track from 0 to 1, between its name and its value in percent. */
export function sharePlot(shares: readonly Share[]): Plot.PlotOptions {
  const row = { y: 'label', rx: 3, insetTop: 5, insetBottom: 5 } as const;
  const words = { y: 'label', fill: 'var(--text, currentcolor)', fontSize: 13 } as const;
  return {
    marginTop: 0,
    marginBottom: 0,
    marginLeft: sides.label,
    marginRight: sides.value,
    x: { domain: [0, 1], axis: null },
    y: { domain: shares.map(({ label }) => label), axis: null, padding: 0 },
    marks: [
      Plot.barX(shares, { ...row, x1: 0, x2: 1, fill: 'var(--surface-2, #8883)' }),
      Plot.barX(shares, {
        ...row,
        x1: 0,
        x2: 'value',
        title: ({ value }: Share) => String(value),
        fill: 'var(--series-1, #0072b2)',
      }),
      Plot.text(shares, { ...words, text: 'label', frameAnchor: 'left', textAnchor: 'start', dx: -sides.label }),
      Plot.text(shares, {
        ...words,
        text: ({ value }: Share) => formatPercent(value),
        title: ({ value }: Share) => String(value),
        frameAnchor: 'right',
        textAnchor: 'end',
        dx: sides.value,
        fontWeight: 550,
        fontVariant: 'tabular-nums',
      }),
    ],
  };
}

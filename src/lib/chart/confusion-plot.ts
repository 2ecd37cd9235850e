import * as Plot from '@observablehq/plot';
import type { Confusion } from '#core/run/result.ts';
import { formatCount, formatPercent } from '#lib/ui/format.ts';

/** Rows of one outcome that were forecast one way. */
interface Square {
  readonly said: string;
  readonly came: string;
  readonly n: number;
  /** Share of the rows of this outcome. */
  readonly share: number;
}

/** The four squares of what was said and what came. */
export function confusionSquares({ upHits, upMisses, downHits, downMisses }: Confusion): readonly Square[] {
  const ups = upHits + downMisses;
  const downs = downHits + upMisses;
  const square = (said: string, came: string, n: number, of: number): Square => ({
    said: `said ${said}`,
    came: `came ${came}`,
    n,
    share: of > 0 ? n / of : NaN,
  });
  return [
    square('up', 'up', upHits, ups),
    square('down', 'up', downMisses, ups),
    square('up', 'down', upMisses, downs),
    square('down', 'down', downHits, downs),
  ];
}

/** A square for each pair of what was said and what came, the darker the larger its share of what came. */
export function confusionPlot(confusion: Confusion): Plot.PlotOptions {
  const squares = confusionSquares(confusion);
  const at = { x: 'said', y: 'came' } as const;
  return {
    marginTop: 26,
    marginLeft: 76,
    marginRight: 2,
    marginBottom: 4,
    x: { axis: 'top', domain: ['said up', 'said down'], label: null, tickSize: 0, padding: 0.03 },
    y: { domain: ['came up', 'came down'], label: null, tickSize: 0, padding: 0.03 },
    marks: [
      Plot.cell(squares, {
        ...at,
        fill: 'var(--series-1, #0072b2)',
        fillOpacity: ({ share }: Square) => (Number.isNaN(share) ? 0 : 0.06 + 0.5 * share),
        rx: 5,
      }),
      Plot.text(squares, {
        ...at,
        text: ({ n }: Square) => formatCount(n),
        fill: 'var(--text, currentcolor)',
        fontSize: 15,
        fontWeight: 600,
        dy: -8,
      }),
      Plot.text(squares, {
        ...at,
        text: ({ share }: Square) => (Number.isNaN(share) ? 'none came' : formatPercent(share)),
        fill: 'var(--text, currentcolor)',
        fontSize: 12,
        dy: 11,
      }),
    ],
  };
}

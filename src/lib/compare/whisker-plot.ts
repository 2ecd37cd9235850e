import * as Plot from '@observablehq/plot';

/** A difference to the base. */
interface Whisker {
  readonly difference: number;
  /** Ends of its 95 % interval; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly better: 'higher' | 'lower';
  /** Difference at either edge. */
  readonly reach: number;
  /** Half the width of what seeds alone make of a difference; null where that is not known. */
  readonly seeds: number | null;
  readonly color: string;
}

/** Pixels of a whisker in a row of a table. */
export const whiskerHeight = 20;

/** A difference with its interval on a line whose right end is always the better one, over the spread between seeds. */
export function whiskerPlot({ difference, low, high, better, reach, seeds, color }: Whisker): Plot.PlotOptions {
  const edge = reach || 1;
  const within = (value: number) => Math.max(-edge, Math.min(edge, value));
  return {
    margin: 0,
    marginLeft: 6,
    marginRight: 6,
    x: { domain: better === 'higher' ? [-edge, edge] : [edge, -edge], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      ...(seeds === null
        ? []
        : [
            Plot.rect([seeds], {
              x1: within(-seeds),
              x2: within(seeds),
              y1: 0.15,
              y2: 0.85,
              rx: 2,
              fill: 'var(--line)',
              className: 'seeds',
            }),
          ]),
      Plot.ruleY([0.5], { stroke: 'var(--line)' }),
      Plot.ruleX([0], { stroke: 'var(--ink)', strokeDasharray: '3 2' }),
      ...(low === null || high === null
        ? []
        : [
            Plot.ruleY([0.5], {
              x1: within(low),
              x2: within(high),
              stroke: color,
              strokeWidth: 3,
              strokeLinecap: 'round',
              strokeOpacity: 0.6,
            }),
          ]),
      ...(Number.isFinite(difference) ? [Plot.dot([0.5], { x: within(difference), y: 0.5, r: 4.5, fill: color })] : []),
    ],
  };
}

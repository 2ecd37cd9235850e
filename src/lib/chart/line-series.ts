import type { SeriesRole } from './palette.ts';

/** One line of a chart: all its stored points, in columns of one length. */
export interface LineSeries {
  readonly label: string;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly style?: 'solid' | 'dashed';
  readonly role?: SeriesRole;
  /** The line to draw in place of y, which is then thin and pale behind it; readout and table stay with y. */
  readonly smooth?: ArrayLike<number>;
  /** Fills down to zero, for utilisation and the like. */
  readonly area?: boolean;
  /** An interval around y, drawn as a band behind it. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
  /** Optimizer step of each point of a run. */
  readonly step?: ArrayLike<number>;
  /** When each was measured, ms UTC. */
  readonly time?: ArrayLike<number>;
}

/** A value that is the same everywhere, as that of a naive forecast. */
export interface Level {
  readonly label: string;
  readonly y: number;
}

/** A place of x to be marked in every chart of a run. */
export interface LineMark {
  readonly x: number;
  /** Optimizer step, in a run. */
  readonly step?: number;
  /** The chart's own value there, a dot; null where it has none, and only the place is marked. */
  readonly y: number | null;
  readonly label: string;
}

/** Lines that tell less than the others are dashed. */
export function isDashed({ style, role }: Pick<LineSeries, 'style' | 'role'>): boolean {
  return style === 'dashed' || role === 'parent';
}

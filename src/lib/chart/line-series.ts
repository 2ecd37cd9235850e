import { seriesColor, type SeriesRole } from './palette.ts';

/** How a line is told from others. */
export interface LineLook {
  readonly color: string;
  /** Lengths of dashes and gaps in pixels; null for a solid line. */
  readonly dash: string | null;
}

/** One line of a chart: all its stored points, in columns of one length. */
export interface LineSeries {
  readonly label: string;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly style?: 'solid' | 'dashed';
  readonly role?: SeriesRole;
  /** In place of what its role or its place among the lines gives it. */
  readonly look?: LineLook;
  /** One of its points that is marked, as that of the selected checkpoint. */
  readonly mark?: { readonly x: number; readonly y: number; readonly label: string };
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

/** Colour and stroke of the line at a place among others; lines that tell less than the others are dashed. */
export function lineLook({ look, style, role }: Pick<LineSeries, 'look' | 'style' | 'role'>, index: number): LineLook {
  const dash = role === 'parent' ? '1 3' : style === 'dashed' ? '5 3' : null;
  return look ?? { color: seriesColor(role, index), dash };
}

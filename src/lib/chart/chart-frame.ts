import type { PlotOptions } from '@observablehq/plot';

/** What a chart's builder is told of the frame it draws into. */
export interface ChartFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The part of x to show. */
  readonly domain: readonly [number, number];
  readonly log: boolean;
  /** Whether far outliers are to set the axis as well. */
  readonly isWhole: boolean;
}

/** Points that the axis leaves out; null for their number where too many points are in view to draw each. */
export interface Outside {
  readonly above: boolean;
  readonly below: boolean;
  readonly count: number | null;
}

interface Picture {
  readonly options: PlotOptions;
  /** Null where all points are shown. */
  readonly outside?: Outside | null;
}

/**
 * Called when it is the chart's turn to be drawn, where nothing hears what is read: it holds what it draws, and is another one
 * when that is another.
 */
export type Build = (frame: ChartFrame) => Picture;

/** One value of a point. */
interface Readout {
  readonly label: string;
  readonly value: string;
  /** Every digit, shown on hover. */
  readonly full?: string;
  readonly color?: string;
  readonly dashed?: boolean;
  /** Where the value was measured, if not where the reading stands. */
  readonly elsewhere?: string;
  /** Whether an interval belongs to the value, and whether it may come from elsewhere: for the room to keep. */
  readonly hasInterval?: boolean;
  readonly mayRoam?: boolean;
  /** Where a dot marks it in the chart. */
  readonly dot?: { readonly x: number; readonly y: number };
}

/** What a chart says of one of its points. */
export interface Reading {
  /** Where the point stands; null where the reading is of no point. */
  readonly x: number | null;
  /** The place in words. */
  readonly place: string;
  readonly values: readonly Readout[];
}

/** How a chart reads its points. */
export interface Reader {
  /** The drawn point nearest to an x; for null the one to tell while nothing is pointed at. */
  read(x: number | null): Reading;
  /** The next drawn point to the right (1) or to the left (−1), or the first and last ones from null; null beyond. */
  beside(x: number | null, by: 1 | -1): number | null;
}

import type { PlotOptions } from '@observablehq/plot';

/** What a chart's builder is told of the frame it draws into. */
export interface ChartFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The part of x to show. */
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/** One value beside a chart's title: that under the cursor, or the newest. */
export interface Readout {
  readonly label: string;
  readonly value: string;
  /** Every digit, shown on hover. */
  readonly full?: string;
  readonly color?: string;
  readonly dashed?: boolean;
}

export type Build = (frame: ChartFrame) => PlotOptions;

import { niceTicks } from '#core/chart/ticks.ts';
import { formatNumber, formatTime } from '#lib/ui/format.ts';
import { tickLabel } from './tick-label.ts';

/** Where a point stands. */
export interface Place {
  readonly x: number;
  /** Optimizer step, of the points of a run. */
  readonly step?: number;
  /** ms UTC */
  readonly time?: number;
}

interface Tick {
  readonly at: number;
  readonly text: string;
}

/** What x means in a chart. */
export interface XAxis {
  /** Charts of one kind on a page share the cursor. */
  readonly kind: string;
  readonly label: string;
  /** Whether x is a time in ms UTC; Plot then sets the ticks. */
  readonly isTime: boolean;
  /** What charts that stand together show where nothing is zoomed; they share the zoom as well. Null: each its points. */
  readonly domain: readonly [number, number] | null;
  /** At most about `most` places of a part of x to write at. */
  ticks(domain: readonly [number, number], most: number): readonly Tick[];
  /** A point's place in words, as its readout says it. */
  words(place: Place): string;
  /** The same where it stands behind a value of a line that has no point where the others have theirs. */
  brief(place: Place): string;
  /** Heads of the first columns of the table, and a point's cells under them. */
  readonly columns: readonly string[];
  cells(place: Place): readonly (number | string)[];
}

/** Times of bars. */
export const timeAxis: XAxis = {
  kind: 'time',
  label: 'time, UTC',
  isTime: true,
  domain: null,
  ticks: () => [],
  words: ({ x }) => `${formatTime(x)} UTC`,
  brief: ({ x }) => formatTime(x),
  columns: ['time'],
  cells: ({ x }) => [new Date(x).toISOString()],
};

/** Numbers that are no place in a run, as the actual values of a scatter. */
export function valueAxis(label: string): XAxis {
  return {
    kind: `values of ${label}`,
    label,
    isTime: false,
    domain: null,
    ticks(domain, most) {
      const ticks = niceTicks(domain[0], domain[1], most);
      return ticks.values
        .filter((at) => at >= domain[0] && at <= domain[1])
        .map((at) => ({ at, text: tickLabel(at, ticks) }));
    },
    words: ({ x }) => `${label} ${formatNumber(x)}`,
    brief: ({ x }) => formatNumber(x),
    columns: [label],
    cells: ({ x }) => [x],
  };
}

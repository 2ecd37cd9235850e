/**
 * Market bars as columns: the one shape in which bars travel from the reader to the features.
 *
 * Row i is the bar that opens at `time[i]` and closes at `time[i] + step`; rows are strictly ascending in time.
 * `segment[i]` numbers the contiguous stretch the row belongs to: it grows by one at every break, and neither a
 * recursive filter nor a window nor a label may cross from one segment into the next.
 */
export interface Bars {
  /** Opening time of each bar, milliseconds since 1970 UTC. */
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Traded volume; all zeros where the source has none. */
  readonly volume: Float64Array;
  /** Further columns of the source that features read, by their name there; NaN where a row has none. */
  readonly extra: Readonly<Record<string, Float64Array>>;
  /** Index of the contiguous segment, from 0. */
  readonly segment: Int32Array;
  /** 1 where the bar was made up by the gap policy `fill`, else 0. */
  readonly filled: Uint8Array;
  /** Nominal distance of two bars in milliseconds. */
  readonly step: number;
}

export const barColumns = ['open', 'high', 'low', 'close', 'volume'] as const;

/** When each bar closes, ms since 1970 UTC: the moment at which it is known. */
export function closingTimes({ time, step }: Pick<Bars, 'time' | 'step'>): Float64Array {
  const out = new Float64Array(time.length);
  for (let i = 0; i < out.length; i++) out[i] = time[i] + step;
  return out;
}

/** Rows `from` (inclusive) to `to` (exclusive) as views on the same memory. */
export function sliceBars(bars: Bars, from: number, to: number): Bars {
  return {
    time: bars.time.subarray(from, to),
    open: bars.open.subarray(from, to),
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
    extra: mapExtra(bars.extra, (column) => column.subarray(from, to)),
    segment: bars.segment.subarray(from, to),
    filled: bars.filled.subarray(from, to),
    step: bars.step,
  };
}

/** The further columns, each put through `change`. */
export function mapExtra(
  extra: Bars['extra'],
  change: (column: Float64Array) => Float64Array,
): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(extra).map(([name, column]) => [name, change(column)]));
}

import { AppError } from '#core/error.ts';
import { formatTimeframe, week } from '#core/time/timeframe.ts';
import type { Bars } from './bars.ts';

/** 1970-01-05 was the first Monday of the epoch. */
const firstMonday = 4 * 86_400_000;

/** Opening time of the bucket that holds `time`: floor to `step`, from the epoch, or from Monday 00:00 UTC for weeks. */
export function bucketOf(time: number, step: number): number {
  const anchor = step % week === 0 ? firstMonday : 0;
  return Math.floor((time - anchor) / step) * step + anchor;
}

/**
 * Bars of a higher timeframe (CLEANING.md#resampling): left-closed floor buckets with open first, high max, low min,
 * close last, volume summed, made within one segment and never across a break. Segment numbers are those of `bars`.
 *
 * A bucket is emitted only when it is whole within its segment: nothing of it lies before the segment's first bar, and
 * its last base bar is present or the next bucket has begun. Bars made up by the gap policy count for wholeness but not
 * for the values, unless the bucket holds nothing else; then it is marked filled itself.
 * Further columns are not resampled: they belong to the base bars.
 *
 * @param stepMs a multiple of `bars.step`; equal to it, the bars come back as they are
 * @throws AppError invalid_config where it is not a multiple
 */
export function resampleBars(bars: Bars, stepMs: number): Bars {
  if (stepMs === bars.step) return bars;
  if (!(stepMs > bars.step) || stepMs % bars.step !== 0) {
    const names = [formatTimeframe(stepMs), formatTimeframe(bars.step)];
    throw new AppError(
      'invalid_config',
      `Cannot make ${names[0]} bars from ${names[1]} bars: expected a multiple of ${names[1]}. Choose another timeframe.`,
    );
  }
  const rows = bars.time.length;
  const out = emptyColumns(Math.min(rows, countBuckets(bars, stepMs)));
  let size = 0;
  for (let start = 0; start < rows;) {
    const opens = bucketOf(bars.time[start], stepMs);
    const closes = opens + stepMs;
    const segment = bars.segment[start];
    let end = start + 1;
    while (end < rows && bars.time[end] < closes && bars.segment[end] === segment) end++;

    const leading = start === 0 || bars.segment[start - 1] !== segment;
    const wholeStart = !leading || bars.time[start] - opens < bars.step;
    const wholeEnd = bars.time[end - 1] + bars.step >= closes || (end < rows && bars.segment[end] === segment);
    if (wholeStart && wholeEnd) {
      aggregate(bars, start, end, out, size);
      out.time[size] = opens;
      out.segment[size] = segment;
      size++;
    }
    start = end;
  }
  return trim(out, size, stepMs);
}

type Columns = Omit<Bars, 'step' | 'extra'>;

function countBuckets(bars: Bars, stepMs: number): number {
  let count = 0;
  let last = NaN;
  let segment = -1;
  for (let i = 0; i < bars.time.length; i++) {
    const bucket = bucketOf(bars.time[i], stepMs);
    if (bucket !== last || bars.segment[i] !== segment) count++;
    last = bucket;
    segment = bars.segment[i];
  }
  return count;
}

function emptyColumns(rows: number): Columns {
  return {
    time: new Float64Array(rows),
    open: new Float64Array(rows),
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    close: new Float64Array(rows),
    volume: new Float64Array(rows),
    segment: new Int32Array(rows),
    filled: new Uint8Array(rows),
  };
}

/** Writes the values of rows `from` … `to` − 1 to row `at` of `out`. */
function aggregate(bars: Bars, from: number, to: number, out: Columns, at: number): void {
  let anyReal = false;
  for (let i = from; i < to && !anyReal; i++) anyReal = bars.filled[i] === 0;
  let first = true;
  let volume = 0;
  for (let i = from; i < to; i++) {
    if (anyReal && bars.filled[i] === 1) continue;
    if (first) {
      out.open[at] = bars.open[i];
      out.high[at] = bars.high[i];
      out.low[at] = bars.low[i];
      first = false;
    }
    if (bars.high[i] > out.high[at]) out.high[at] = bars.high[i];
    if (bars.low[i] < out.low[at]) out.low[at] = bars.low[i];
    out.close[at] = bars.close[i];
    volume += bars.volume[i];
  }
  out.volume[at] = volume;
  out.filled[at] = anyReal ? 0 : 1;
}

function trim(columns: Columns, size: number, step: number): Bars {
  return {
    time: columns.time.slice(0, size),
    open: columns.open.slice(0, size),
    high: columns.high.slice(0, size),
    low: columns.low.slice(0, size),
    close: columns.close.slice(0, size),
    volume: columns.volume.slice(0, size),
    segment: columns.segment.slice(0, size),
    filled: columns.filled.slice(0, size),
    extra: {},
    step,
  };
}

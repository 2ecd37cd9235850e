import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { type Bars, mapExtra } from './bars.ts';
import type { Gap } from './gaps.ts';

/** Bars to make up before row `at`, at these opening times. */
interface Fill {
  readonly at: number;
  readonly times: readonly number[];
}

type OpenBars = Omit<Bars, 'segment' | 'filled'>;

/** Far above any real file; a filled series past it would only exhaust the memory. */
const maxBars = 50_000_000;

/**
 * Applies data.gaps to clean bars: `break` starts a segment at every gap; `fill` makes bars up (O=H=L=C = the close
 * before, V = 0, filled = 1) for gaps and times without trades of at most `max_fill` bars and breaks at longer gaps;
 * `ignore` keeps one segment. Closures are neither broken at nor filled.
 *
 * @param missingTimes opening times of the bars that are missing in a gap
 */
export function applyGaps(
  bars: OpenBars,
  gaps: readonly Gap[],
  { policy, max_fill }: DataConfig['gaps'],
  missingTimes: (gap: Gap) => readonly number[],
): { bars: Bars; filledBars: number } {
  const short = (gap: Gap) => policy === 'fill' && gap.missing <= max_fill;
  const fills = gaps
    .filter((gap) => gap.kind !== 'closure' && short(gap))
    .map((gap) => ({ at: gap.at, times: missingTimes(gap) }));
  const breaks = policy === 'ignore' ? [] : gaps.filter((gap) => gap.kind === 'gap' && !short(gap));
  const filledBars = fills.reduce((sum, { times }) => sum + times.length, 0);
  if (bars.time.length + filledBars > maxBars) {
    const message = `filling the gaps would make ${bars.time.length + filledBars} bars, more than ${maxBars}`;
    throw new AppError('data_unreadable', `data.gaps: ${message}. Lower data.gaps.max_fill.`, {
      issues: [{ path: 'data.gaps.max_fill', message }],
    });
  }
  const filled =
    filledBars === 0 ? { ...bars, filled: new Uint8Array(bars.time.length) } : fill(bars, fills, filledBars);
  return { bars: { ...filled, segment: numberSegments(filled.time, bars.time, breaks) }, filledBars };
}

function fill(bars: OpenBars, fills: readonly Fill[], count: number): Omit<Bars, 'segment'> {
  const rows = bars.time.length + count;
  const column = () => new Float64Array(rows);
  const out = { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  // A further column keeps its last value over bars that were made up.
  const extra = mapExtra(bars.extra, column);
  const filled = new Uint8Array(rows);
  let [from, at] = [0, 0];
  const copyUntil = (end: number): void => {
    for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
      out[name].set(bars[name].subarray(from, end), at);
    }
    for (const name of Object.keys(extra)) extra[name].set(bars.extra[name].subarray(from, end), at);
    at += end - from;
    from = end;
  };
  for (const gap of fills) {
    copyUntil(gap.at);
    const close = bars.close[gap.at - 1];
    for (const time of gap.times) {
      out.time[at] = time;
      for (const name of Object.keys(extra)) extra[name][at] = bars.extra[name][gap.at - 1];
      out.open[at] = out.high[at] = out.low[at] = out.close[at] = close;
      filled[at++] = 1;
    }
  }
  copyUntil(bars.time.length);
  return { ...out, extra, filled, step: bars.step };
}

/** Segment of each row of `time`. A break stands before a row of `source`; a new segment begins at that row's time. */
function numberSegments(time: Float64Array, source: Float64Array, breaks: readonly Gap[]): Int32Array {
  const segment = new Int32Array(time.length);
  let next = 0;
  for (let i = 0; i < time.length; i++) {
    while (next < breaks.length && source[breaks[next].at] <= time[i]) next++;
    segment[i] = next;
  }
  return segment;
}

import type { Bars } from './bars.ts';

/**
 * Which row of `higher` is known at each row of `base`, without look-ahead (CLEANING.md#no-look-ahead): the latest j
 * whose bar has closed by the close of base row i, `time_j + step_j ≤ time_i + step_i`, provided that both lie in the
 * same contiguous segment; −1 where there is none. A higher bar that is still forming is never used. A base bar that
 * the next one cuts short closes when that opens.
 *
 * `higher` must carry the segment numbers of `base`, as `resampleBars(base, …)` gives them. Within a segment the bar
 * used closed less than one higher step ago, or the market's calendar was closed in between.
 */
export function alignBars(base: Bars, higher: Bars): Int32Array {
  const out = new Int32Array(base.time.length);
  let j = -1;
  for (let i = 0; i < out.length; i++) {
    const decision = Math.min(base.time[i] + base.step, base.time[i + 1] ?? Infinity);
    while (j + 1 < higher.time.length && higher.time[j + 1] + higher.step <= decision) j++;
    out[i] = j >= 0 && higher.segment[j] === base.segment[i] ? j : -1;
  }
  return out;
}

import type { Bars } from '#core/bars/bars.ts';

/**
 * Forward log return ln(C[i+h]/C[i]) of each row, `horizon` = h in bars; NaN where row i+h is beyond the end or in
 * another segment (SAMPLES.md#labels).
 */
export function forwardReturns({ close, segment }: Bars, horizon: number): Float64Array {
  const out = new Float64Array(close.length).fill(NaN);
  for (let i = 0; i + horizon < close.length; i++) {
    if (segment[i] !== segment[i + horizon]) continue;
    const change = Math.log(close[i + horizon] / close[i]);
    if (Number.isFinite(change)) out[i] = change;
  }
  return out;
}

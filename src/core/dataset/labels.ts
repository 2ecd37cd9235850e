import type { Bars } from '#core/bars/bars.ts';
import type { TaskConfig } from '#core/config/targets.ts';

/**
 * Forward log return ln(C[i+h]/C[i]) of each row, `horizon` = h in bars; NaN where row i+h is beyond the end or in
 * another segment (DOMAIN 4).
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

/** Labels of one task: the return itself, or 1 where it is above zero, 0 below, and NaN (no direction) at exactly 0. */
export function computeLabels(bars: Bars, horizon: number, kind: TaskConfig['kind']): Float64Array {
  const returns = forwardReturns(bars, horizon);
  return kind === 'return'
    ? returns
    : returns.map((value) => (value === 0 || Number.isNaN(value) ? NaN : +(value > 0)));
}

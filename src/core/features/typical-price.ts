import type { Bars } from '#core/bars/bars.ts';

/** (H + L + C)/3. */
export function typicalPrice({ high, low, close }: Bars): Float64Array {
  const out = new Float64Array(close.length);
  for (let i = 0; i < out.length; i++) out[i] = (high[i] + low[i] + close[i]) / 3;
  return out;
}

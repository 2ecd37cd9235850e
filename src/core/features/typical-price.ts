import type { Bars } from '#core/bars/bars.ts';

/** (H + L + C)/3. */
export function typicalPrice({ high, low, close }: Bars): Float64Array {
  return close.map((value, i) => (high[i] + low[i] + value) / 3);
}

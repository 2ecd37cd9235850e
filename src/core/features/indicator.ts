import type { z } from 'zod';
import type { Bars } from '#core/bars/bars.ts';

/**
 * One feature family, e.g. `rsi`. Each lives in a file of its own and is listed in registry.ts; nothing else
 * needs an edit to add one.
 */
export interface Indicator<Params extends object = object> {
  /** Key in the YAML, snake_case. */
  readonly name: string;
  /** Short human name, e.g. "RSI". */
  readonly title: string;
  /** One sentence for form and hover text, with the source of the formula. */
  readonly summary: string;
  /** Strict object schema whose every key has a default and a range. */
  readonly params: z.ZodType<Params>;
  /** Names of the produced columns, e.g. ["rsi_14"]. */
  columns(params: Params): readonly string[];
  /**
   * Bars of its own timeframe that a value needs before it is settled: for finite windows the first valid index,
   * for recursive filters the 0.1 % residual of the seed (FORMULAS.md#warm-up).
   */
  warmup(params: Params): number;
  /** True where the indicator reads `volume`: switched off, with a note, where all volumes are zero. */
  readonly needsVolume?: boolean;
  /**
   * Values for ONE contiguous segment (no breaks inside), one Float64Array of `bars.time.length` a column, NaN where
   * not available yet. Row i depends on rows ≤ i only. Scale-free (FORMULAS.md#indicators: no raw price or volume
   * level). The arrays are the caller's to write to; the bars stay as they are.
   */
  compute(bars: Bars, params: Params): readonly Float64Array[];
}

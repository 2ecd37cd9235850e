import type { EvaluatedRows } from '#core/run/evaluation.ts';
import type { Dataset, ScoredSplit } from './dataset.ts';

/** Rows of one split that may be scored, and the bytes that tell them from others. */
interface EligibleRows extends Omit<EvaluatedRows, 'key'> {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Prices of two files can differ in their last digit; returns are equal below this. */
export const outcomeGrain = 1e-9;

/**
 * What an evaluation key is the hash of (SAMPLES.md#evaluation-keys): float64, little-endian, the horizon and then for
 * each eligible row the opening time of its bar (ms) and its outcomes in whole multiples of 1e-9.
 */
export function evaluatedRows(
  { eligible, outcomes, time, horizon }: Pick<Dataset, 'eligible' | 'outcomes' | 'time' | 'horizon'>,
  split: ScoredSplit,
): EligibleRows {
  const rows = eligible[split];
  const bytes = new Uint8Array(8 * (1 + rows.length * (1 + outcomes.length)));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const write = (value: number): void => {
    view.setFloat64(at, value, true);
    at += 8;
  };
  write(horizon);
  for (const row of rows) {
    write(time[row]);
    // + 0: the bytes of −0 are others than those of 0.
    for (const outcome of outcomes) write(Math.round(outcome[row] / outcomeGrain) + 0);
  }
  return { bytes, from: time[rows[0]], to: time[rows[rows.length - 1]], rows: rows.length, horizon };
}

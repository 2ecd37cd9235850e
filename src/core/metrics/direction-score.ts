import { wilsonInterval } from './interval.ts';

/**
 * How often the direction is right (METRICS.md#direction), over rows where both are decided: `da` the share of hits,
 * `da_low` and `da_high` its 95 % interval, `f1` the mean of the F1 of up and down (macro), `excluded` the rows left
 * out.
 */
interface DirectionMetrics {
  readonly da: number;
  readonly da_low: number;
  readonly da_high: number;
  readonly f1: number;
  readonly n: number;
  readonly n_eff: number;
  readonly excluded: number;
}

/**
 * Compares signs: `predicted` and `actual` are above zero for up, below for down, 0 or NaN where undecided. Labels
 * `horizon` bars long overlap, so that n rows weigh as n/horizon independent ones in the interval.
 */
export function directionMetrics(predicted: Float64Array, actual: Float64Array, horizon: number): DirectionMetrics {
  let upHits = 0;
  let downHits = 0;
  let falseUp = 0;
  let falseDown = 0;
  for (let i = 0; i < actual.length; i++) {
    const up = predicted[i] > 0;
    if (!up && !(predicted[i] < 0)) continue;
    if (actual[i] > 0) {
      if (up) upHits++;
      else falseDown++;
    } else if (actual[i] < 0) {
      if (up) falseUp++;
      else downHits++;
    }
  }
  const misses = falseUp + falseDown;
  const n = upHits + downHits + misses;
  const da = n > 0 ? (upHits + downHits) / n : NaN;
  const n_eff = n / horizon;
  const [da_low, da_high] = wilsonInterval(da, n_eff);
  const f1 = n > 0 ? (f1Of(upHits, misses) + f1Of(downHits, misses)) / 2 : NaN;
  return { da, da_low, da_high, f1, n, n_eff, excluded: actual.length - n };
}

/** 2TP/(2TP+FP+FN): with two classes the misses are the FP and FN of each. 0 where the class never occurs. */
function f1Of(hits: number, misses: number): number {
  return hits > 0 ? (2 * hits) / (2 * hits + misses) : 0;
}

/** Labels 0/1 (or probabilities) as signs around one half. */
export function toSigns(values: Float64Array): Float64Array {
  return values.map((value) => value - 0.5);
}

/** Mean log loss (natural logarithm) and Brier score of probabilities of "up" against labels 0/1; NaN is no label. */
export function probabilityMetrics(probability: Float64Array, label: Float64Array) {
  let loss = 0;
  let brier = 0;
  let n = 0;
  for (let i = 0; i < label.length; i++) {
    if (Number.isNaN(label[i])) continue;
    n++;
    // A certain and wrong forecast would weigh infinitely.
    const p = Math.min(1 - 1e-7, Math.max(1e-7, probability[i]));
    loss -= label[i] > 0.5 ? Math.log(p) : Math.log(1 - p);
    brier += (probability[i] - label[i]) ** 2;
  }
  return { log_loss: loss / n, brier: brier / n };
}

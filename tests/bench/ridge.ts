import type { Dataset } from '#core/dataset/dataset.ts';
import { rSquared } from './learn.ts';

/** Penalties that are tried, as multiples of the number of train samples. */
const penalties = [0, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** R² on the test split of ridge regression on the whole window; the penalty is that with the smallest error on validation. */
export function ridge(dataset: Dataset): number {
  const { samples, tasks, features, lookback, names } = dataset;
  const [{ labels, mean, sd }] = tasks;
  const width = lookback * names.length;
  const raw = (row: number): Float32Array =>
    features.subarray((row + 1 - lookback) * names.length, (row + 1) * names.length);
  const { train } = samples;
  const centre = new Float64Array(width);
  for (const row of train) raw(row).forEach((value, i) => (centre[i] += value / train.length));
  // Labels are standardised: with inputs centred as well there is no intercept to find.
  const window = (row: number): Float64Array => Float64Array.from(raw(row), (value, i) => value - centre[i]);
  const gram = Array.from({ length: width }, () => new Float64Array(width));
  const moment = new Float64Array(width);
  for (const row of train) {
    const x = window(row);
    for (let i = 0; i < width; i++) {
      moment[i] += (x[i] * labels[row]) / train.length;
      for (let j = 0; j < width; j++) gram[i][j] += (x[i] * x[j]) / train.length;
    }
  }
  const dot = (weights: Float64Array, row: number): number =>
    window(row).reduce((sum, value, i) => sum + value * weights[i], 0);
  const candidates = penalties.map((penalty) => {
    const weights = solve(gram, moment, penalty);
    const error = samples.validation.reduce((sum, row) => sum + (dot(weights, row) - labels[row]) ** 2, 0);
    return { weights, error };
  });
  const { weights } = candidates.reduce((a, b) => (b.error < a.error ? b : a));
  return rSquared(dataset, (row) => mean + sd * dot(weights, row));
}

/** (A + λ)x = b for a positive definite A, by Gaussian elimination. */
function solve(matrix: readonly Float64Array[], right: Float64Array, penalty: number): Float64Array {
  const rows = matrix.map((row, i) => {
    const all = Float64Array.of(...row, right[i]);
    all[i] += penalty;
    return all;
  });
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    for (let below = i + 1; below < size; below++) {
      const factor = rows[below][i] / rows[i][i];
      for (let j = i; j <= size; j++) rows[below][j] -= factor * rows[i][j];
    }
  }
  const x = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i][size];
    for (let j = i + 1; j < size; j++) rest -= rows[i][j] * x[j];
    x[i] = rest / rows[i][i];
  }
  return x;
}

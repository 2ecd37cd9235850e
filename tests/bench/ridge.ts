import type { Dataset } from '#core/dataset/dataset.ts';
import { fitRidge } from '#core/metrics/ridge.ts';
import { rSquared } from './learn.ts';

/** Penalties that are tried, as multiples of the number of train samples. */
const penalties = [1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** R² on the test split of ridge regression on the whole window; the penalty is that with the smallest error on validation. */
export function ridge(dataset: Dataset): number {
  const { samples, tasks, features, lookback, names } = dataset;
  const [{ raw }] = tasks;
  const width = lookback * names.length;
  const values = Float64Array.from(features);
  const startOf = (row: number) => (row + 1 - lookback) * names.length;
  const windows = new Float64Array(samples.train.length * width);
  samples.train.forEach((row, i) => windows.set(values.subarray(startOf(row), startOf(row) + width), i * width));
  const known = Float64Array.from(samples.train, (row) => raw[row]);
  const candidates = penalties.map((penalty) => {
    const { predict } = fitRidge(windows, known, width, penalty * known.length);
    const forecast = (row: number) => predict(values, startOf(row));
    const error = samples.validation.reduce((sum, row) => sum + (forecast(row) - raw[row]) ** 2, 0);
    return { forecast, error };
  });
  const { forecast } = candidates.reduce((a, b) => (b.error < a.error ? b : a));
  return rSquared(dataset, forecast);
}

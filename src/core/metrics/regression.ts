import { columnOf, type ScoreParts, sumOf } from './score-parts.ts';

/** Below it R² and IC are rounding noise, e.g. −9e−17, and written as 0. */
const noise = 1e-12;

/**
 * How far a forecast of a number is off (METRICS.md#regression): `rmse` and `mae` in the unit of the target; `r2` is
 * 1 − SSE/SSE(train mean), above 0 only where the forecast beats the constant mean of the train labels; `sd_ratio` is the
 * deviation of the forecast over that of the target; `ic` is Pearson's correlation. `predicted` and `actual` are equally
 * long and without NaN; a score is NaN where a quotient is not defined, e.g. on no rows or of a constant forecast.
 */
export function regressionParts(predicted: Float64Array, actual: Float64Array, trainMean: number): ScoreParts {
  const rows = actual.length;
  const p = centre(predicted);
  const a = centre(actual);
  return {
    columns: [
      columnOf(rows, () => 1),
      columnOf(rows, (i) => (predicted[i] - actual[i]) ** 2),
      columnOf(rows, (i) => Math.abs(predicted[i] - actual[i])),
      columnOf(rows, (i) => (actual[i] - trainMean) ** 2),
      p,
      a,
      columnOf(rows, (i) => p[i] * p[i]),
      columnOf(rows, (i) => a[i] * a[i]),
      columnOf(rows, (i) => p[i] * a[i]),
    ],
    scores(sums) {
      const [n, squares, absolutes, reference, sumP, sumA, squaresP, squaresA, products] = sums;
      const varP = squaresP - (sumP * sumP) / n;
      const varA = squaresA - (sumA * sumA) / n;
      const cov = products - (sumP * sumA) / n;
      return {
        rmse: Math.sqrt(squares / n),
        mae: absolutes / n,
        r2: reference > 0 ? quiet(1 - squares / reference) : NaN,
        sd_ratio: varA > 0 ? Math.sqrt(Math.max(0, varP) / varA) : NaN,
        ic: varP > 0 && varA > 0 ? quiet(cov / Math.sqrt(varP * varA)) : NaN,
      };
    },
  };
}

function quiet(value: number): number {
  return Math.abs(value) < noise ? 0 : value;
}

/** Distances from the mean, so that squares of a resample do not cancel; all 0 where values differ by rounding alone. */
function centre(values: Float64Array): Float64Array {
  const mean = sumOf(values) / values.length;
  const least = noise * Math.abs(mean);
  return columnOf(values.length, (i) => (Math.abs(values[i] - mean) <= least ? 0 : values[i] - mean));
}

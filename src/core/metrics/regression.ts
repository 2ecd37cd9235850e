/**
 * How far a forecast of a number is off (METRICS.md#regression), in the unit of the target. `r2` is 1 − SSE/SSE(train
 * mean): above 0 only where the forecast beats the constant mean of the train labels. `sd_ratio` is the deviation of
 * the forecast over that of the target: near 0 the model predicts the mean. `ic` is Pearson's correlation.
 */
interface RegressionMetrics {
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  readonly sd_ratio: number;
  readonly ic: number;
}

/** Scores `predicted` against `actual`, equally long; NaN where a quotient is not defined, e.g. on no rows. */
export function regressionMetrics(predicted: Float64Array, actual: Float64Array, trainMean: number): RegressionMetrics {
  const n = actual.length;
  let squares = 0;
  let absolutes = 0;
  let reference = 0;
  let sumP = 0;
  let sumA = 0;
  for (let i = 0; i < n; i++) {
    const error = predicted[i] - actual[i];
    squares += error * error;
    absolutes += Math.abs(error);
    reference += (actual[i] - trainMean) ** 2;
    sumP += predicted[i];
    sumA += actual[i];
  }
  let varP = 0;
  let varA = 0;
  let cov = 0;
  for (let i = 0; i < n; i++) {
    const p = predicted[i] - sumP / n;
    const a = actual[i] - sumA / n;
    varP += p * p;
    varA += a * a;
    cov += p * a;
  }
  return {
    rmse: Math.sqrt(squares / n),
    mae: absolutes / n,
    r2: reference > 0 ? 1 - squares / reference : NaN,
    sd_ratio: varA > 0 ? Math.sqrt(varP / varA) : NaN,
    ic: varP > 0 && varA > 0 ? cov / Math.sqrt(varP * varA) : NaN,
  };
}

import { sumOf } from './score-parts.ts';

/** A fitted linear forecast. */
interface LinearForecast {
  /** Of the row at `offset` of row-major values. */
  predict(values: Float64Array, offset: number): number;
}

/**
 * Ridge regression in closed form (A. Hoerl and R. Kennard, Technometrics 12, 1970) of `y` on `x`, row major with `width`
 * columns: columns are standardised by mean and deviation, and β = (ZᵀZ + penalty·I)⁻¹Zᵀ(y − ȳ); the mean is not
 * penalised. A column that never changes has no weight. `penalty` must be above 0.
 */
export function fitRidge(x: Float64Array, y: Float64Array, width: number, penalty: number): LinearForecast {
  const rows = y.length;
  const mean = new Float64Array(width);
  const sd = new Float64Array(width);
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) mean[c] += x[i * width + c] / rows;
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) sd[c] += (x[i * width + c] - mean[c]) ** 2 / rows;
  for (let c = 0; c < width; c++) sd[c] = sd[c] > 0 ? Math.sqrt(sd[c]) : Infinity;
  const constant = rows > 0 ? sumOf(y) / rows : 0;

  const gram = Array.from({ length: width }, () => new Float64Array(width));
  const right = new Float64Array(width);
  const z = new Float64Array(width);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < width; c++) z[c] = (x[i * width + c] - mean[c]) / sd[c];
    for (let c = 0; c < width; c++) {
      right[c] += z[c] * (y[i] - constant);
      for (let d = 0; d <= c; d++) gram[c][d] += z[c] * z[d];
    }
  }
  for (let c = 0; c < width; c++) gram[c][c] += penalty;
  const weights = solve(gram, right);
  return {
    predict(values, offset) {
      let sum = constant;
      for (let c = 0; c < width; c++) sum += (weights[c] * (values[offset + c] - mean[c])) / sd[c];
      return sum;
    },
  };
}

/** Solves a symmetric positive definite system by Cholesky's decomposition; the lower triangle is given and overwritten. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = lower[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  }
  const out = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) out[i] -= lower[i][k] * out[k];
    out[i] /= lower[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) out[i] -= lower[k][i] * out[k];
    out[i] /= lower[i][i];
  }
  return out;
}

import { windowMoments } from './rolling.ts';

/**
 * (x − mean)/sd over the last p values, this one included, population sd, in the place of x; 0 where all are equal; first
 * valid index p − 1.
 */
export function zScore(x: Float64Array, period: number): Float64Array {
  windowMoments(x, period, (first, rows, mean, deviation) => {
    for (let j = 0; j < rows; j++) {
      const flat = deviation[j] <= 1e-12 * Math.abs(mean[j]);
      x[first + j] = flat ? 0 : (x[first + j] - mean[j]) / deviation[j];
    }
  });
  return x.fill(NaN, 0, period - 1);
}

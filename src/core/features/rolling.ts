/**
 * Sums and moments of the last p values of one contiguous series, in a few operations a row whatever p is
 * (FORMULAS.md#smoothers). The series is cut into blocks of p from `start` on: a window is the end of one block and the
 * beginning of the next, each added up by itself, so that nothing is ever taken away again and no rounding is carried
 * along. The blocks are visited from the last to the first: results may take the place of the series.
 */

/**
 * Sum of x[i−p+1..i] in `out`, which may be x itself and is new without it; NaN before start + p − 1. A value that is not
 * finite spoils the windows it lies in, and no other.
 */
export function windowSum(
  x: Float64Array,
  period: number,
  start = 0,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  const ends = new Float64Array(period);
  for (let last = lastBlock(x.length, period, start); last >= start; last -= period) {
    let end = 0;
    for (let j = period - 1; j >= 0; j--) {
      end += x[last - period + 1 + j];
      ends[j] = end;
    }
    const rows = Math.min(period, x.length - last);
    let beginning = 0;
    out[last] = ends[0];
    for (let j = 1; j < rows; j++) {
      beginning += x[last + j];
      out[last + j] = ends[j] + beginning;
    }
  }
  out.fill(NaN, 0, start + period - 1);
  return out;
}

/**
 * Mean and population standard deviation (ddof 0) of x[i−p+1..i] for each i from p − 1 on, a block at a time: `visit` gets
 * the first row of the block, its number of rows and their values from index 0 on, in arrays that the next block
 * overwrites. It may write to these rows of x.
 */
export function windowMoments(
  x: Float64Array,
  period: number,
  visit: (first: number, rows: number, mean: Float64Array, deviation: Float64Array) => void,
): void {
  const mean = new Float64Array(period);
  const deviation = new Float64Array(period);
  for (let last = lastBlock(x.length, period, 0); last >= 0; last -= period) {
    // Distances to a value that lies in each of these windows: that is at most √p deviations away from their mean, so
    // that the difference of squares below keeps its digits at any level of x.
    const pivot = x[last];
    let sum = 0;
    let squares = 0;
    for (let j = period - 1; j >= 0; j--) {
      const distance = x[last - period + 1 + j] - pivot;
      sum += distance;
      squares += distance * distance;
      mean[j] = sum;
      deviation[j] = squares;
    }
    const rows = Math.min(period, x.length - last);
    sum = 0;
    squares = 0;
    for (let j = 0; j < rows; j++) {
      const distance = x[last + j] - pivot;
      sum += distance;
      squares += distance * distance;
      const shift = (mean[j] + sum) / period;
      const variance = (deviation[j] + squares) / period - shift * shift;
      mean[j] = pivot + shift;
      deviation[j] = variance < 0 ? 0 : Math.sqrt(variance);
    }
    visit(last, rows, mean, deviation);
  }
}

/** Last row of the last whole block of `period` rows from `start` on; before `start` where there is none. */
function lastBlock(length: number, period: number, start: number): number {
  return start + Math.floor((length - start) / period) * period - 1;
}

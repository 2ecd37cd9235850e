/**
 * The last `lags` one-bar log returns up to the close of each of `rows`, newest first: row major, rows × lags. 0 where
 * there are not so many bars before.
 */
export function laggedReturns(close: Float64Array, rows: Int32Array, lags: number): Float64Array {
  const out = new Float64Array(rows.length * lags);
  rows.forEach((row, i) => {
    for (let k = 0; k < lags && k < row; k++) {
      const change = Math.log(close[row - k] / close[row - k - 1]);
      if (Number.isFinite(change)) out[i * lags + k] = change;
    }
  });
  return out;
}

/** Which rows can be samples, and why the others cannot: every row is counted once. */
export interface SampleRows {
  /** Ascending rows with a full window whose outcome is known. */
  readonly rows: Int32Array;
  readonly warmupRows: number;
  readonly unlabelledRows: number;
  readonly brokenWindows: number;
}

/**
 * Row i is a sample when rows i−lookback+1 … i lie in one segment without a missing feature, and `known[i]` is 1.
 */
export function findSamples(
  segment: Int32Array,
  complete: Uint8Array,
  known: Uint8Array,
  lookback: number,
): SampleRows {
  const rows: number[] = [];
  let warmupRows = 0;
  let unlabelledRows = 0;
  let brokenWindows = 0;
  let run = 0;
  for (let i = 0; i < segment.length; i++) {
    if (i > 0 && segment[i] !== segment[i - 1]) run = 0;
    run = complete[i] ? run + 1 : 0;
    if (!complete[i]) warmupRows++;
    else if (!known[i]) unlabelledRows++;
    else if (run < lookback) brokenWindows++;
    else rows.push(i);
  }
  return { rows: Int32Array.from(rows), warmupRows, unlabelledRows, brokenWindows };
}

/** 1 for each row that is inside the window of one of `samples` (ascending). */
export function coveredRows(samples: Int32Array, lookback: number, rows: number): Uint8Array {
  const covered = new Uint8Array(rows);
  let next = 0;
  for (const row of samples) {
    covered.fill(1, Math.max(next, row - lookback + 1), row + 1);
    next = row + 1;
  }
  return covered;
}

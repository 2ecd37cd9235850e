import type { CellResultOf } from '#core/api/cell-answers.ts';
import type { Bars } from '#core/bars/bars.ts';
import { findBoundaries, rowsBeforeTest } from '#core/bars/boundaries.ts';
import { histogram } from '#core/chart/histogram.ts';
import type { Config } from '#core/config/config.ts';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import { finiteOrNull } from './finite-or-null.ts';

/** Numbers that are drawn, of all columns together, and the most rows of one. */
const drawnNumbers = 150_000;
const drawnRows = 3000;
/** Rows that correlations are of. */
const correlatedRows = 100_000;

/** What is shown of a matrix: every figure is of all rows before the test, which is sealed here as well. */
export function featuresResult(
  bars: Bars,
  matrix: FeatureMatrix,
  { data }: Pick<Config, 'data'>,
): CellResultOf<'features'> {
  const rows = rowsBeforeTest(bars.time, findBoundaries(bars, data));
  const before = matrix.columns.map((column) => column.subarray(0, rows));
  const moments = before.map(momentsOf);
  const shown = Math.min(drawnRows, Math.floor(drawnNumbers / before.length));
  const from = Math.max(0, rows - shown);
  return {
    step: 'features',
    names: matrix.names,
    timeframes: matrix.timeframes,
    warmup: matrix.warmup,
    warmups: matrix.warmups,
    notes: matrix.notes,
    bars: bars.time.length,
    rows,
    missing: moments.map(({ missing }) => missing),
    mean: moments.map(({ mean }) => finiteOrNull(mean)),
    sd: moments.map(({ sd }) => finiteOrNull(sd)),
    histograms: before.map((column) => histogram(column)),
    correlation: correlate(before),
    time: [...bars.time.subarray(from, rows)],
    columns: before.map((column) => Array.from(column.subarray(from), drawn)),
  };
}

/** Six digits are more than a picture shows, and half of what is sent. */
function drawn(value: number): number | null {
  return finiteOrNull(Number(value.toPrecision(6)));
}

function momentsOf(values: Float64Array) {
  let [count, mean, squares] = [0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  return {
    missing: values.length - count,
    mean: count === 0 ? NaN : mean,
    sd: count === 0 ? NaN : Math.sqrt(squares / count),
  };
}

/** Pearson's correlation of every two columns over rows, evenly spaced, that have every value. */
function correlate(columns: readonly Float64Array[]): (number | null)[][] {
  const length = columns[0]?.length ?? 0;
  const whole: number[] = [];
  const stride = Math.max(1, Math.ceil(length / correlatedRows));
  for (let row = 0; row < length; row += stride) {
    if (columns.every((column) => Number.isFinite(column[row]))) whole.push(row);
  }
  const standard = columns.map((column) => {
    const values = Float64Array.from(whole, (row) => column[row]);
    const { mean, sd } = momentsOf(values);
    return values.map((value) => (value - mean) / sd);
  });
  return standard.map((one) => standard.map((other) => finiteOrNull(meanProduct(one, other))));
}

function meanProduct(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  const mean = sum / one.length;
  return Number.isNaN(mean) ? NaN : Math.max(-1, Math.min(1, mean));
}

import { expect, test } from 'vitest';
import { findBoundaries } from '#core/bars/boundaries.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { featuresResult } from '#trainer/cells/features-result.ts';

const config = configOf({ features: smallFeatures });
const bars = sampleMarket({ bars: 5000 });
const matrix = computeFeatures(bars, config.features);
const result = featuresResult(bars, matrix, config);

/** Rows before the test, by a plain look at each time. */
const rows = bars.time.filter((ms) => ms < findBoundaries(bars, config.data).testFrom).length;

test('every figure of the features is of all rows before the test', () => {
  expect([result.bars, result.rows, result.time.at(-1)]).toEqual([5000, rows, bars.time[rows - 1]]);
  matrix.columns.forEach((column, c) => {
    const before = [...column.subarray(0, rows)];
    const known = before.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    expect(result.missing[c]).toBe(before.length - known.length);
    expect(result.mean[c]).toBeCloseTo(mean, 9);
    expect(result.sd[c]).toBeCloseTo(sd, 9);
    expect(result.columns[c].at(-1)).toBe(Number(before[rows - 1].toPrecision(6)));
  });
});

test('correlations are Pearson’s, 1 with itself, the same both ways, and none of what does not move', () => {
  const [one, other] = matrix.columns.map((column) => column.subarray(0, rows));
  const pairs = [...one].map((value, row) => [value, other[row]]);
  const whole = pairs.filter((_, row) => matrix.columns.every((column) => !Number.isNaN(column[row])));
  const mean = (k: number) => whole.reduce((sum, pair) => sum + pair[k], 0) / whole.length;
  const [a, b] = [mean(0), mean(1)];
  const sum = (work: (pair: readonly number[]) => number) => whole.reduce((total, pair) => total + work(pair), 0);
  const expected =
    sum(([x, y]) => (x - a) * (y - b)) / Math.sqrt(sum(([x]) => (x - a) ** 2) * sum(([, y]) => (y - b) ** 2));
  expect(result.correlation[0][1]).toBeCloseTo(expected, 9);
  result.correlation.forEach((row, i) => {
    expect(row[i]).toBeCloseTo(1, 9);
    row.forEach((value, j) => expect(result.correlation[j][i]).toBe(value));
  });
  const still = { ...matrix, columns: [new Float64Array(5000).fill(7), ...matrix.columns.slice(1)] };
  expect(featuresResult(bars, still, config).correlation[0]).toEqual(matrix.columns.map(() => null));
});

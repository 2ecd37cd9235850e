import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { schemaAt } from '#core/config/json-schema.ts';
import { computeFeatures, type FeatureMatrix } from '#core/features/matrix.ts';
import { hasSharedData, sharedData } from '#tests/support/shared-data.ts';
import { cutBars, gappyMarket, HOUR, perturbBars, readRows, withExtra } from './bars.ts';
import { everyIndicator } from './every-indicator.ts';

/** `count` of the rows, spread evenly, odd steps apart so that every phase of the higher timeframes is met. */
function spread(rows: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, k) => rows[Math.floor(((k + 0.37) * rows.length) / count)]);
}

function row(matrix: FeatureMatrix, i: number): number[] {
  return matrix.columns.map((column) => column[i]);
}

function check(bars: Bars, timeframes: readonly string[], columns: object = {}): void {
  const features = everyIndicator(timeframes, columns);
  const whole = computeFeatures(bars, features);
  const all = Array.from({ length: bars.time.length - 10 }, (_, i) => i);
  const complete = all.filter((i) => row(whole, i).every(Number.isFinite));
  expect(complete.length).toBeGreaterThan(500);
  const rows = [...spread(complete, 50), ...spread(all, 20)];

  for (const i of rows) {
    // (a) truncation: the file ends with row i.
    const cut = computeFeatures(cutBars(bars, 0, i + 1), features);
    expect(row(cut, i), `truncated after row ${i}`).toEqual(row(whole, i));
    // (b) perturbation: everything after row i is doubled.
    const bent = computeFeatures(perturbBars(bars, i + 1, 2), features);
    expect(row(bent, i), `perturbed after row ${i}`).toEqual(row(whole, i));
    expect(bent.columns.some((column, c) => column.some((v, j) => j > i && !Object.is(v, whole.columns[c][j])))).toBe(
      true,
    );
  }
}

describe('a row of features never sees a later bar (CLEANING.md#no-look-ahead)', () => {
  test('on the built-in market with breaks, three timeframes, every indicator', () => {
    check(gappyMarket(2600, [300, 301, 1777]), ['1h', '2h', '4h']);
  });

  test.each(schemaAt(['features', 'columns', 'x', 'transform'])?.enum ?? [])(
    'with columns of the file as %s',
    (transform) => {
      // Only the columns are bent, so that no indicator can hide one that is not.
      const bars = withExtra(gappyMarket(2600, [300, 301, 1777]));
      const columns = { interest: { transform }, ...(transform === 'log' ? {} : { rate: { transform, period: 24 } }) };
      check(bars, ['1h'], columns);
      const features = { ...everyIndicator([], columns), calendar: null };
      const whole = computeFeatures(bars, features);
      for (const i of [200, 280, 1500, 2400]) {
        const bent = computeFeatures({ ...bars, extra: perturbBars(bars, i + 1, 2).extra }, features);
        expect(row(bent, i)).toEqual(row(whole, i));
        expect(row(bent, i + 16), `${transform} after row ${i}`).not.toEqual(row(whole, i + 16));
      }
    },
  );

  test.skipIf(!hasSharedData)('on real hourly bars with gaps', () => {
    const bars = readRows(sharedData('btcusdt-1h-2017-2022.json') ?? '', HOUR);
    check(cutBars(bars, 20_000, 23_500), ['1h', '4h']);
  });
});

test('the start of the file is forgotten after twice the warm-up (recursive, CLEANING.md#no-look-ahead)', () => {
  const bars = gappyMarket(6000);
  const features = everyIndicator(['1h', '4h']);
  const whole = computeFeatures(bars, features);
  // A whole number of four-hour bars, so that the later file begins on a bucket too.
  const from = Math.ceil((2 * whole.warmup) / 4) * 4;
  const late = computeFeatures(cutBars(bars, from, 6000), features);
  whole.columns.forEach((column, c) => {
    const settled = column.filter(Number.isFinite);
    const typical = Math.sqrt(settled.reduce((sum, value) => sum + value * value, 0) / settled.length);
    const name = whole.names[c];
    const error = (i: number) =>
      Math.abs(late.columns[c][i - from] - column[i]) / Math.max(Math.abs(column[i]), typical);
    for (let i = 5900; i < 6000; i++) expect(error(i), `${name} at row ${i}`).toBeLessThan(1e-3);
    // Harder: already at the first row that counts as settled the seed must hardly be seen.
    expect(error(from + whole.warmups[c]), `${name} at its warm-up`).toBeLessThan(2e-2);
  });
});

describe('nothing crosses a break', () => {
  const holes = [700];
  const bars = gappyMarket(1500, holes);
  const features = everyIndicator(['1h', '4h']);

  test('rows after a break are those of a file that starts there', () => {
    const whole = computeFeatures(bars, features);
    const after = computeFeatures(cutBars(bars, 700, 1499), features);
    whole.columns.forEach((column, c) => {
      expect(Array.from(column.subarray(700)), whole.names[c]).toEqual(Array.from(after.columns[c]));
    });
  });

  test('features are missing for the warm-up after the break', () => {
    const whole = computeFeatures(bars, features);
    const rsi = whole.columns[whole.names.indexOf('1h.rsi_14')];
    const warmup = whole.warmups[whole.names.indexOf('1h.rsi_14')];
    expect(rsi[699]).not.toBeNaN();
    expect(rsi.subarray(700, 700 + warmup).every(Number.isNaN)).toBe(true);
    expect(rsi[700 + warmup]).not.toBeNaN();
  });
});

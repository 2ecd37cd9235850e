import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { featuresSchema, type FeaturesConfig } from '#core/config/features.ts';
import { defaultConfig } from '#core/config/compile.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { AppError } from '#core/error.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import { gappyMarket, HOUR, withExtra } from './bars.ts';

type Transform = FeaturesConfig['columns'][string]['transform'];

const parse = (columns: object) => featuresSchema.parse({ timeframes: {}, calendar: null, columns }) as FeaturesConfig;

/** One column `x` over bars of two segments, the second from row `breakAt` on. */
function barsWith(x: readonly number[], breakAt = x.length): Bars {
  const missing = breakAt < x.length ? [breakAt] : [];
  const bars = gappyMarket(x.length + missing.length, missing);
  return { ...bars, extra: { x: Float64Array.from(x) } };
}

function only(bars: Bars, transform: Transform, period = 3) {
  const matrix = computeFeatures(bars, parse({ x: { transform, period } }));
  return { ...matrix, values: Array.from(matrix.columns[0]) };
}

function refusal(bars: Bars, columns: object): AppError {
  try {
    computeFeatures(bars, parse(columns));
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The last value at or before row i that is known, not before `from`. */
function lastKnown(x: ArrayLike<number>, i: number, from: number): number {
  for (let j = i; j >= from; j--) if (Number.isFinite(x[j])) return x[j];
  return NaN;
}

describe('a column of the file as a feature (FORMULAS.md#columns-of-the-file)', () => {
  test('level keeps the last known value within a stretch, and never looks across a break', () => {
    const { names, values, notes } = only(barsWith([NaN, 1, NaN, 3, NaN, NaN, 6, NaN], 4), 'level');
    expect(names).toEqual(['column.x_level']);
    expect(values).toEqual([NaN, 1, 1, 3, NaN, NaN, 6, 6]);
    expect(notes).toEqual([
      'column.x_level: 2 of 8 bars have no value and keep the last one known',
      'column.x_level: 3 bars come before the first value of their stretch: warm-up',
    ]);
  });

  test('diff is the change of the value from bar to bar, 0 where it is carried', () => {
    expect(only(barsWith([NaN, 1, NaN, 4, 9, 7], 4), 'diff').values).toEqual([NaN, NaN, 0, 3, NaN, -2]);
  });

  test('log is the natural logarithm; what has none counts as missing while it is rare', () => {
    const x = Array.from({ length: 300 }, (_, i) => i + 1);
    x[50] = 0;
    const { values, notes } = only(barsWith(x), 'log');
    expect(values[50]).toBe(Math.log(50));
    expect(values[51]).toBeCloseTo(Math.log(52), 14);
    expect(notes[0]).toBe('column.x_log: 1 value not above zero counts as missing, the first 0');
  });

  test('z is that of the last values, by the naive formula, in each stretch afresh', () => {
    const bars = withExtra(gappyMarket(900, [400]));
    const period = 24;
    for (const name of ['rate', 'interest']) {
      const matrix = computeFeatures(bars, parse({ [name]: { transform: 'z', period } }));
      const [column] = matrix.columns;
      expect(matrix.names).toEqual([`column.${name}_z_24`]);
      let checked = 0;
      for (let i = 0; i < 899; i++) {
        const from = i < 400 ? 0 : 400;
        const window = Array.from({ length: period }, (_, k) => lastKnown(bars.extra[name], i - k, from));
        if (i - period + 1 < from || window.some(Number.isNaN)) {
          expect(column[i]).toBeNaN();
          continue;
        }
        const mean = window.reduce((sum, value) => sum + value, 0) / period;
        const sd = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / period);
        expect(column[i]).toBeCloseTo((window[0] - mean) / sd, 6);
        checked++;
      }
      expect(checked).toBeGreaterThan(800);
    }
    expect(only(barsWith([5, 5, 5, 5]), 'z').values).toEqual([NaN, NaN, 0, 0]);
  });

  test('the order of keys changes nothing, names of numbers included', () => {
    const bars = gappyMarket(50);
    const extra = { b: bars.close, '10': bars.open, '2': bars.high };
    const one = computeFeatures({ ...bars, extra }, parse({ b: {}, '2': {}, '10': {} }));
    const two = computeFeatures({ ...bars, extra }, parse({ '10': {}, b: {}, '2': {} }));
    expect(one.names).toEqual(['column.10_level', 'column.2_level', 'column.b_level']);
    expect([two.names, two.columns]).toEqual([one.names, one.columns]);
  });

  test('warm-up and count are those of the estimate', () => {
    const bars = withExtra(gappyMarket(900));
    const features = featuresSchema.parse({ columns: { rate: { transform: 'z', period: 600 }, interest: {} } });
    const matrix = computeFeatures(bars, features as FeaturesConfig);
    expect(countFeatures(features as FeaturesConfig, HOUR)).toEqual({ features: matrix.names.length, warmup: 599 });
    expect(matrix.warmup).toBe(599);
  });

  test('its scaler is fitted on train rows only, as that of every feature', () => {
    const bars = withExtra(gappyMarket(3000));
    const config = { ...defaultConfig(), features: parse({ interest: { transform: 'level' } }) };
    const dataset = assembleDataset(bars, config);
    const last = dataset.samples.train[dataset.samples.train.length - 1];
    const later = bars.extra.interest.map((value, i) => (i > last ? value * 1000 : value));
    const changed = assembleDataset({ ...bars, extra: { ...bars.extra, interest: later } }, config);
    expect(changed.scaler).toEqual(dataset.scaler);
    expect(dataset.names).toEqual(['column.interest_level']);
  });
});

describe('what is no feature is refused at its column', () => {
  test.each([
    ['a column that the bars do not have', barsWith([1, 2]), { y: {} }, 'features.columns.y', 'none of this name'],
    ['no number anywhere', barsWith([NaN, NaN]), { x: {} }, 'features.columns.x', 'no bar has one'],
    [
      'a logarithm of rates',
      barsWith([1, -2, 3]),
      { x: { transform: 'log' } },
      'features.columns.x.transform',
      '1 of 3 are not, the first -2; take level, diff or z',
    ],
  ])('%s', (_, bars, columns, path, words) => {
    const error = refusal(bars, columns);
    expect([error.code, error.issues[0].path]).toEqual(['invalid_config', path]);
    expect(error.message).toContain(words);
  });
});

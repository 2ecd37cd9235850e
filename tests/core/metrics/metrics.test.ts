import { describe, expect, test } from 'vitest';
import { directionMetrics, probabilityMetrics } from '#core/metrics/direction-score.ts';
import { wilsonInterval } from '#core/metrics/interval.ts';
import { regressionMetrics } from '#core/metrics/regression.ts';

const of = (...values: number[]) => Float64Array.from(values);

describe('regression', () => {
  test('by hand', () => {
    const score = regressionMetrics(of(1, 2, 3), of(2, 2, 5), 1);
    expect(score.rmse).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(score.mae).toBeCloseTo(1, 12);
    expect(score.r2).toBeCloseTo(1 - 5 / 18, 12);
    expect(score.sd_ratio).toBeCloseTo(Math.sqrt(2 / 6), 12);
    expect(score.ic).toBeCloseTo(3 / Math.sqrt(12), 12);
  });

  test('a perfect forecast', () => {
    expect(regressionMetrics(of(1, -2, 3), of(1, -2, 3), 0)).toEqual({ rmse: 0, mae: 0, r2: 1, sd_ratio: 1, ic: 1 });
  });

  test('the train mean has an R² of 0 and no correlation', () => {
    const score = regressionMetrics(of(0.5, 0.5), of(1, -2), 0.5);
    expect(score.r2).toBe(0);
    expect(score.sd_ratio).toBe(0);
    expect(score.ic).toBeNaN();
  });
});

describe('direction', () => {
  test('counts hits among the decided rows and both classes alike', () => {
    // up: 2 hits, 1 said of a fall; down: 1 hit, 1 said of a rise; two rows are undecided.
    const score = directionMetrics(of(1, 1, 1, -1, -1, 0, 1), of(1, 2, -1, -3, 1, 1, 0), 2);
    expect(score).toMatchObject({ da: 3 / 5, n: 5, n_eff: 2.5, excluded: 2 });
    // Precision and recall of up 2/3, 2/3; of down 1/2, 1/2.
    expect(score.f1).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  });

  test('always up scores the share of rises, and half of one F1', () => {
    const score = directionMetrics(of(1, 1, 1, 1), of(1, 1, 1, -1), 1);
    expect(score.da).toBe(0.75);
    expect(score.f1).toBeCloseTo(6 / 7 / 2, 12);
  });

  test('says NaN where nothing is decided', () => {
    expect(directionMetrics(of(0, NaN), of(1, 1), 1)).toMatchObject({ da: NaN, f1: NaN, n: 0, excluded: 2 });
  });

  test('log loss and Brier score', () => {
    const score = probabilityMetrics(of(0.8, 0.4), of(1, 0));
    expect(score.log_loss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(score.brier).toBeCloseTo((0.04 + 0.16) / 2, 12);
    expect(probabilityMetrics(of(0), of(1)).log_loss).toBeLessThan(20);
  });
});

describe('Wilson interval', () => {
  test('the textbook case of 10 in 20', () => {
    const [low, high] = wilsonInterval(0.5, 20);
    expect(low).toBeCloseTo(0.2993, 4);
    expect(high).toBeCloseTo(0.7007, 4);
  });
  test('stays inside 0 … 1 and knows nothing from no trial', () => {
    expect(wilsonInterval(1, 3)[1]).toBe(1);
    expect(wilsonInterval(0, 3)[0]).toBe(0);
    expect(wilsonInterval(0.5, 0)).toEqual([NaN, NaN]);
  });
});

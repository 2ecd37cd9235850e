import { describe, expect, test } from 'vitest';
import { coinScore, directionParts } from '#core/metrics/direction-score.ts';
import { wilsonInterval } from '#core/metrics/interval.ts';
import { probabilityParts } from '#core/metrics/probability-score.ts';
import { regressionParts } from '#core/metrics/regression.ts';
import { reliabilityOf } from '#core/metrics/reliability.ts';
import { scoreAll } from '#core/metrics/score-parts.ts';
import { seededRandom } from '#core/seeded-random.ts';

const of = (...values: number[]) => Float64Array.from(values);

describe('regression', () => {
  const score = (predicted: Float64Array, actual: Float64Array, mean: number) =>
    scoreAll(regressionParts(predicted, actual, mean));

  test('by hand', () => {
    const { rmse, mae, r2, sd_ratio, ic } = score(of(1, 2, 3), of(2, 2, 5), 1);
    expect(rmse).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(mae).toBeCloseTo(1, 12);
    expect(r2).toBeCloseTo(1 - 5 / 18, 12);
    expect(sd_ratio).toBeCloseTo(Math.sqrt(2 / 6), 12);
    expect(ic).toBeCloseTo(3 / Math.sqrt(12), 12);
  });

  test('a perfect forecast', () => {
    const { ic, ...rest } = score(of(1, -2, 3), of(1, -2, 3), 0);
    expect(rest).toEqual({ rmse: 0, mae: 0, r2: 1, sd_ratio: 1 });
    expect(ic).toBeCloseTo(1, 12);
  });

  test('the train mean has an R² of 0, and a constant no correlation, whatever it is rounded to', () => {
    const actual = of(1, -2, 0.3, 0.7, 5);
    for (const mean of [0.5, 0.1, 1 / 3, 1e-5 / 3]) {
      expect(score(new Float64Array(5).fill(mean), actual, mean)).toMatchObject({ r2: 0, sd_ratio: 0, ic: NaN });
    }
  });

  test('rounding noise is 0', () => {
    // The sums of squares differ in the last digit: R² was −2e−16.
    const actual = of(0.1, 0.2, -0.3);
    const score = regressionParts(of(0, 0, 0), actual, 0).scores;
    expect(score(of(3, 0.14, 0.6, 0.14 - 3e-17, 0, 0, 1, 1, 9e-17))).toMatchObject({ r2: 0, ic: 0 });
  });
});

describe('direction', () => {
  const score = (predicted: Float64Array, actual: Float64Array) => scoreAll(directionParts(predicted, actual));

  test('counts hits among the decided rows and both classes alike', () => {
    // up: 2 hits, 1 said of a fall; down: 1 hit, 1 said of a rise; two rows are undecided.
    const { da, f1, n } = score(of(1, 1, 1, -1, -1, 0, 1), of(1, 2, -1, -3, 1, 1, 0));
    expect([da, n]).toEqual([3 / 5, 5]);
    // Precision and recall of up 2/3, 2/3; of down 1/2, 1/2.
    expect(f1).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  });

  // Values of sklearn 1.9.1, f1_score(average='macro', zero_division=0).
  test.each([
    ['a side that is in neither is left out', [1, 1, 1], [1, 1, 1], 1],
    ['a side that is never said counts 0', [1, 1, 1, 1], [1, 1, 1, -1], 0.42857142857142855],
    ['a side that never comes counts 0', [1, -1, -1], [-1, -1, -1], 0.4],
    ['both', [1, -1, -1, 1, 1, -1, -1], [1, 1, -1, -1, 1, -1, 1], 0.5714285714285714],
  ])('F1 is that of scikit-learn: %s', (_, predicted, actual, expected) => {
    expect(score(of(...predicted), of(...actual)).f1).toBeCloseTo(expected, 12);
  });

  test('says NaN where nothing is decided', () => {
    expect(score(of(0, NaN), of(1, 1))).toEqual({ da: NaN, f1: NaN, n: 0 });
  });

  test('a coin scores on average what coins score', () => {
    const random = seededRandom(4);
    const actual = Float64Array.from({ length: 4000 }, (_, i) => (i % 10 < 7 ? 1 : -1));
    const coins = Array.from(
      { length: 50 },
      () =>
        score(
          actual.map(() => random() - 0.5),
          actual,
        ).f1,
    );
    expect(coins.reduce((sum, f1) => sum + f1) / coins.length).toBeCloseTo(coinScore(0.7).f1, 2);
    expect(coinScore(0.5)).toEqual({ da: 0.5, f1: 0.5 });
  });

  test('log loss and Brier score', () => {
    const score = (p: Float64Array, label: Float64Array) => scoreAll(probabilityParts(p, label));
    expect(score(of(0.8, 0.4), of(1, 0)).log_loss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(score(of(0.8, 0.4), of(1, 0)).brier).toBeCloseTo((0.04 + 0.16) / 2, 12);
    expect(score(of(0), of(1)).log_loss).toBeLessThan(20);
  });
});

describe('Wilson interval', () => {
  // statsmodels 0.15.0, proportion_confint(method='wilson').
  test.each([
    [0.56, 100, 0.4622810465167698, 0.6532797336983921],
    [0.25, 12, 0.08894166839405476, 0.5323053349335658],
  ])('%s of %s is that of statsmodels', (share, n, low, high) => {
    expect(wilsonInterval(share, n)[0]).toBeCloseTo(low, 12);
    expect(wilsonInterval(share, n)[1]).toBeCloseTo(high, 12);
  });
  test('stays inside 0 … 1 and knows nothing from no trial', () => {
    expect(wilsonInterval(1, 3)[1]).toBe(1);
    expect(wilsonInterval(0, 3)[0]).toBe(0);
    expect(wilsonInterval(0.5, 0)).toEqual([NaN, NaN]);
  });
});

describe('reliability', () => {
  test('ten bins of equally many rows, each with its share of up', () => {
    const probability = Float64Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);
    const label = probability.map((_, i) => +(i % 2 === 0));
    const { bins, ece } = reliabilityOf(probability, label, 4);
    expect(bins.map(({ n }) => n)).toEqual(new Array(10).fill(20));
    expect(bins[0].forecast).toBeCloseTo(0.05, 12);
    expect(bins[0].observed).toBe(0.5);
    expect([bins[0].low, bins[0].high]).toEqual([...wilsonInterval(0.5, 5)]);
    // |0.5 − 0.05|, |0.5 − 0.15|, … on average.
    expect(ece).toBeCloseTo(0.25, 12);
  });

  test('equal probabilities share a bin, and no row gives none', () => {
    const probability = of(0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.6);
    const { bins } = reliabilityOf(probability, probability.map(Math.round), 1);
    expect(bins.map(({ n, observed }) => [n, observed])).toEqual([
      [11, 0],
      [1, 1],
    ]);
    expect(reliabilityOf(of(), of(), 1)).toEqual({ bins: [], ece: 0 });
  });
});

import { describe, expect, test } from 'vitest';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import { bootstrapIntervals } from '#core/metrics/bootstrap.ts';
import { dieboldMariano } from '#core/metrics/diebold-mariano.ts';
import { normalCdf } from '#core/metrics/normal.ts';
import { pesaranTimmermann } from '#core/metrics/pesaran-timmermann.ts';
import { fitRidge } from '#core/metrics/ridge.ts';
import { studentTail } from '#core/metrics/student.ts';
import { seededRandom } from '#core/seeded-random.ts';

// Expected values: scipy 1.17.1, statsmodels 0.15.0, scikit-learn 1.9.1 and arch 8.0.0 on the same seeded numbers.

describe('distributions are those of scipy', () => {
  test.each([
    [-7.5, 3.1908916729108844e-14],
    [-3, 0.0013498980316300933],
    [-1.96, 0.024997895148220435],
    [0.3, 0.6179114221889526],
    [4.9, 0.9999995208167234],
    [6, 0.9999999990134123],
  ])('norm.cdf(%s)', (z, expected) => {
    expect(normalCdf(z) / expected).toBeCloseTo(1, 9);
  });

  test.each([
    [2, 1, 0.14758361765043326],
    [1.7, 2, 0.11561671310078561],
    [2.5, 7, 0.020496109292876444],
    [-1.2, 12, 0.8733526348732028],
    [1.645, 6000, 0.05001109704168508],
    [0.01, 99999, 0.49601065365951125],
  ])('t.sf(%s, %s)', (t, degrees, expected) => {
    expect(studentTail(t, degrees)).toBeCloseTo(expected, 10);
  });

  test('what is not a number has no probability', () => {
    expect([normalCdf(NaN), studentTail(NaN, 5)]).toEqual([NaN, NaN]);
  });
});

describe('Pesaran–Timmermann', () => {
  const counts = { upHits: 220, upMisses: 180, downHits: 190, downMisses: 150 };

  test('is the formula of the paper, written again with numpy and scipy', () => {
    const all = pesaranTimmermann(counts, 740);
    expect(all?.statistic).toBeCloseTo(2.9525688778736248, 10);
    expect(all?.p).toBeCloseTo(0.0015757087761621002, 10);
    const tenth = pesaranTimmermann(counts, 74);
    expect(tenth?.p).toBeCloseTo(0.1737570053681336, 10);
  });

  test('its square is nearly the χ² of the table (chi2_contingency without correction)', () => {
    expect((pesaranTimmermann(counts, 740)?.statistic ?? 0) ** 2).toBeCloseTo(8.705882352941178, 1);
  });

  test('says nothing of a forecast that never changes side', () => {
    expect(pesaranTimmermann({ upHits: 900, upMisses: 100, downHits: 0, downMisses: 0 }, 1000)).toBeNull();
    expect(pesaranTimmermann({ upHits: 0, upMisses: 0, downHits: 0, downMisses: 0 }, 0)).toBeNull();
  });
});

describe('Diebold–Mariano', () => {
  const random = seededRandom(7);
  const squares = (scale: number) => Float64Array.from({ length: 240 }, () => (random() * scale - 0.5) ** 2);
  const [model, rival] = [squares(1), squares(1.1)];

  test.each([
    [1, 2.460879923667213, 0.007283875603417398],
    [5, 2.1448892321290414, 0.01648512211424444],
  ])('at %s bars is the HAC error of statsmodels with the factor of HLN', (horizon, statistic, p) => {
    const test = dieboldMariano(model, rival, horizon);
    expect(test?.statistic).toBeCloseTo(statistic, 9);
    expect(test?.p).toBeCloseTo(p, 9);
  });

  test('says nothing of equal losses or of no more rows than bars ahead', () => {
    expect(dieboldMariano(model, model, 1)).toBeNull();
    expect(dieboldMariano(model, rival, 240)).toBeNull();
  });
});

test('ridge forecasts what Ridge of scikit-learn does on standardised columns', () => {
  const random = seededRandom(11);
  const x = Float64Array.from({ length: 180 }, () => random());
  const y = Float64Array.from(
    { length: 60 },
    (_, i) => x[3 * i] - 2 * x[3 * i + 1] + 0.5 * x[3 * i + 2] + 0.3 * random(),
  );
  const { predict } = fitRidge(x, y, 3, 10);
  expect(predict(Float64Array.of(0.1, 0.2, 0.3), 0)).toBeCloseTo(0.0051025691509537785, 10);
  expect(predict(Float64Array.of(9, 0.9, 0.4, 0.6), 1)).toBeCloseTo(0.4460674915677725, 10);
});

test('a column that never changes has no weight in a ridge', () => {
  const y = Float64Array.of(1, 2, 3);
  const { predict } = fitRidge(Float64Array.of(5, 5, 5), y, 1, 1);
  expect(predict(Float64Array.of(99), 0)).toBe(2);
});

describe('stationary bootstrap', () => {
  const random = seededRandom(5);
  let last = 0;
  const x = Float64Array.from({ length: 1000 }, () => (last = 0.6 * last + random() - 0.5));
  const columns = [x, x.map((value) => value * value)];
  const numbers = (sums: Float64Array) => ({ rms: Math.sqrt(sums[1] / 1000), mean: sums[0] / 1000 });

  test('agrees with StationaryBootstrap of arch at 20,000 resamples', () => {
    const { rms, mean } = bootstrapIntervals(columns, numbers, { meanBlock: 20 });
    // A thousand resamples know the ends to about 5 % of the width.
    expect(Math.abs(rms[0] - 0.32958517)).toBeLessThan(0.004);
    expect(Math.abs(rms[1] - 0.37239226)).toBeLessThan(0.004);
    expect(Math.abs(mean[0] - -0.08618223)).toBeLessThan(0.007);
    expect(Math.abs(mean[1] - -0.0089844)).toBeLessThan(0.007);
  });

  test('gives the same interval of the same input, and none of too few rows or no number', () => {
    const once = bootstrapIntervals(columns, numbers, { meanBlock: 20 });
    expect(bootstrapIntervals(columns, numbers, { meanBlock: 20 })).toEqual(once);
    expect(bootstrapIntervals(columns, numbers, { meanBlock: 20, seed: 2 })).not.toEqual(once);
    expect(bootstrapIntervals(columns, numbers, { meanBlock: 201 })).toEqual({});
    expect(bootstrapIntervals(columns, () => ({ odd: NaN }), { meanBlock: 20 })).toEqual({});
  });

  test('blocks are what makes it wide: single rows of a sticky series look surer than they are', () => {
    const width = (meanBlock: number) => {
      const { mean } = bootstrapIntervals(columns, numbers, { meanBlock });
      return mean[1] - mean[0];
    };
    // √((1 + 0.6)/(1 − 0.6)) = 2 for long blocks of this AR(1).
    expect(width(20) / width(1)).toBeGreaterThan(1.6);
  });
});

describe('the best of k by luck', () => {
  // scipy.integrate.quad of z k φ(z) Φ(z)^(k−1).
  test.each([
    [1, 0],
    [2, 0.5641895835477563],
    [5, 1.1629644736405198],
    [20, 1.8674750597983212],
    [300, 2.8777668471509825],
  ])('of %s normal numbers the largest is %s on average', (k, expected) => {
    // p = 0.5 and 2,500 rows: a standard error of 0.01.
    expect(100 * (bestByLuck(k, 2500, 0.5) - 0.5)).toBeCloseTo(expected, 8);
  });

  test('is what coins do', () => {
    const random = seededRandom(2);
    const flip = () => Array.from({ length: 400 }, () => +(random() < 0.5)).reduce((sum, hit) => sum + hit, 0) / 400;
    const best = Array.from({ length: 300 }, () => Math.max(...Array.from({ length: 10 }, flip)));
    expect(best.reduce((sum, one) => sum + one) / best.length).toBeCloseTo(bestByLuck(10, 400, 0.5), 2);
  });

  test('never promises more than all, and nothing from nothing', () => {
    expect(bestByLuck(1000, 2, 0.9)).toBe(1);
    expect([bestByLuck(5, 0, 0.5), bestByLuck(0, 100, 0.5)]).toEqual([NaN, NaN]);
  });
});

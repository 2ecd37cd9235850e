import { describe, expect, it, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { findIndicator } from '#core/features/registry.ts';
import { windowMoments, windowSum } from '#core/features/rolling.ts';
import { gappyMarket, perturbBars } from './bars.ts';

const ROWS = 100_000;

/** f of the rows i−p+1..i of the columns, from scratch at every row from `start` + p − 1 on. */
function naive(
  columns: readonly Float64Array[],
  period: number,
  f: (...windows: Float64Array[]) => number,
  start = 0,
): Float64Array {
  return columns[0].map((_, i) =>
    i < start + period - 1 ? NaN : f(...columns.map((column) => column.subarray(i - period + 1, i + 1))),
  );
}

function sum(window: Float64Array): number {
  let total = 0;
  for (const value of window) total += value;
  return total;
}
const meanOf = (window: Float64Array) => sum(window) / window.length;
const last = (window: Float64Array) => window[window.length - 1];
function deviationOf(window: Float64Array): number {
  const mean = meanOf(window);
  let [off, squares] = [0, 0];
  for (const value of window) {
    off += value - mean;
    squares += (value - mean) * (value - mean);
  }
  // `off` takes back what rounding of the mean adds, which shows at a level of 1e8.
  return Math.sqrt((squares - (off * off) / window.length) / window.length);
}
const zOf = (window: Float64Array) => (last(window) - meanOf(window)) / deviationOf(window);

/** Rows that differ by more than 1e−9 of the value, or of `size` where the value is smaller. */
function wrongRows(ours: Float64Array, exact: Float64Array, size: number): number {
  let wrong = 0;
  exact.forEach((value, i) => {
    if (Number.isNaN(value) !== Number.isNaN(ours[i])) wrong++;
    else if (Math.abs(ours[i] - value) > 1e-9 * Math.max(Math.abs(value), size)) wrong++;
  });
  return wrong;
}

function momentsOf(x: Float64Array, period: number): { mean: Float64Array; deviation: Float64Array } {
  const mean = new Float64Array(x.length).fill(NaN);
  const deviation = new Float64Array(x.length).fill(NaN);
  windowMoments(x, period, (first, rows, means, deviations) => {
    mean.set(means.subarray(0, rows), first);
    deviation.set(deviations.subarray(0, rows), first);
  });
  return { mean, deviation };
}

const market = gappyMarket(ROWS);

/** The built-in market at another level of prices. */
function marketAt(level: number): Bars {
  return { ...perturbBars(market, 0, level / market.close[0]), volume: market.volume };
}

describe.each([1e-8, 1e8])('over a hundred thousand bars at a level of %d', (level) => {
  const bars = marketAt(level);
  const { high, low, close, volume } = bars;
  const columns = (name: string): readonly Float64Array[] => {
    const indicator = findIndicator(name);
    if (indicator === undefined) throw new Error(name);
    return indicator.compute(bars, indicator.params.parse({}));
  };
  const check = (ours: Float64Array, exact: Float64Array, size: number) => expect(wrongRows(ours, exact, size)).toBe(0);

  test.each([
    [2, ROWS],
    [50, ROWS],
    [1000, 5_000],
  ])('sums, means and deviations of %d are those of the formula', (period, rows) => {
    const close = bars.close.subarray(0, rows);
    const { mean, deviation } = momentsOf(close, period);
    check(windowSum(close, period), naive([close], period, sum), 0);
    check(mean, naive([close], period, meanOf), 0);
    // Two closes may be equal: then the deviation is 0, and the formula's the rounding of the level.
    check(deviation, naive([close], period, deviationOf), 1e-6 * level);
  });

  test('Bollinger bands', () => {
    const width = naive([close], 20, (window) => (4 * deviationOf(window)) / meanOf(window));
    check(
      columns('bollinger')[0],
      naive([close], 20, zOf).map((value) => value / 4 + 0.5),
      1,
    );
    check(columns('bollinger')[1], width, 0);
  });

  test('distance from the mean', () => {
    check(
      columns('sma_distance')[0],
      naive([close], 50, (window) => last(window) / meanOf(window) - 1),
      1e-3,
    );
  });

  test('realised volatility', () => {
    const squares = close.map((value, i) => (i > 0 ? Math.log(value / close[i - 1]) ** 2 : NaN));
    check(
      columns('realised_vol')[0],
      naive([squares], 20, (window) => Math.sqrt(sum(window)), 1),
      0,
    );
  });

  test('volume and on-balance volume in deviations', () => {
    const log = volume.map((value) => Math.log1p(value));
    check(columns('volume_z')[0], naive([log], 50, zOf), 1);
    let total = 0;
    const level = close.map((value, i) => (total += i > 0 ? Math.sign(value - close[i - 1]) * volume[i] : 0));
    check(columns('obv_z')[0], naive([level], 50, zOf), 1);
  });

  test('stochastic', () => {
    const raw = naive([high, low, close], 14, (highs, lows, closes) => {
      const [highest, lowest] = [Math.max(...highs), Math.min(...lows)];
      return (100 * (last(closes) - lowest)) / (highest - lowest);
    });
    const k = naive([raw], 3, meanOf, 13);
    check(columns('stochastic')[0], k, 1);
    check(columns('stochastic')[1], naive([k], 3, meanOf, 15), 1);
  });

  test('commodity channel index', () => {
    const price = close.map((value, i) => (high[i] + low[i] + value) / 3);
    const exact = naive([price], 20, (window) => {
      const mean = meanOf(window);
      return (last(window) - mean) / (0.015 * meanOf(window.map((value) => Math.abs(value - mean))));
    });
    check(columns('cci')[0], exact, 100);
  });

  test('money flow index', () => {
    const price = close.map((value, i) => (high[i] + low[i] + value) / 3);
    // In whole cents: the doubles do not know a tie (order.test.ts).
    const cents = market.close.map((value, i) => Math.round(100 * (market.high[i] + market.low[i] + value)));
    const sign = cents.map((value, i) => (i > 0 ? Math.sign(value - cents[i - 1]) : NaN));
    const exact = naive(
      [price, sign, volume],
      14,
      (prices, signs, volumes) => {
        const flows = prices.map((value, j) => value * volumes[j]);
        const [up, down] = [1, -1].map((side) => sum(flows.filter((_, j) => signs[j] === side)));
        return (100 * up) / (up + down);
      },
      1,
    );
    check(columns('mfi')[0], exact, 1);
  });
});

describe('a window', () => {
  const x = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) + (i % 7));

  it('is free of a value, however large or missing, once that has left', () => {
    for (const strange of [1e18, NaN, Infinity]) {
      const spoilt = x.slice();
      spoilt[200] = strange;
      const [clean, after] = [windowSum(x, 30), windowSum(spoilt, 30)];
      const [cleanMoments, moments] = [momentsOf(x, 30), momentsOf(spoilt, 30)];
      for (let i = 29; i < 500; i++) {
        const within = i >= 200 && i < 230;
        expect(Object.is(after[i], clean[i])).toBe(!within);
        if (!within) expect(moments.deviation[i]).toBe(cleanMoments.deviation[i]);
      }
    }
  });

  it('may be put in the place of the series', () => {
    const inPlace = x.slice();
    expect(windowSum(inPlace, 30, 2, inPlace)).toEqual(windowSum(x, 30, 2));
    expect(Array.from(inPlace.subarray(0, 32)).map(Number.isNaN)).toEqual([...Array<boolean>(31).fill(true), false]);
  });

  it('longer than the series has no value', () => {
    expect(windowSum(x.slice(0, 9), 10).every(Number.isNaN)).toBe(true);
    expect(momentsOf(x.slice(0, 9), 10).deviation.every(Number.isNaN)).toBe(true);
    expect(windowSum(new Float64Array(0), 10, 5)).toHaveLength(0);
  });

  it('without movement has no deviation at all', () => {
    expect(momentsOf(new Float64Array(60).fill(5.1), 20).deviation.subarray(19)).toEqual(new Float64Array(41));
  });
});

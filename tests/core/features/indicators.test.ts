import { describe, expect, test } from 'vitest';
import type { Indicator } from '#core/features/indicator.ts';
import { findIndicator, indicators } from '#core/features/registry.ts';
import { sma } from '#core/features/smoothers.ts';
import { gappyMarket, HOUR, perturbBars, toBars } from './bars.ts';

const market = gappyMarket(600);
const flat = (() => {
  const column = (value: number) => new Float64Array(300).fill(value);
  const time = Float64Array.from({ length: 300 }, (_, i) => i * HOUR);
  return toBars(
    { time, open: column(5.1), high: column(5.1), low: column(5.1), close: column(5.1), volume: column(3) },
    HOUR,
  );
})();

describe.each((indicators as readonly Indicator[]).map((indicator) => [indicator.name, indicator] as const))(
  '%s',
  (name, indicator) => {
    const params = indicator.params.parse({});
    const columns = indicator.compute(market, params);

    test('has one full column a name, and names of its own', () => {
      expect(columns.length).toBe(indicator.columns(params).length);
      expect(new Set(indicator.columns(params)).size).toBe(columns.length);
      for (const column of columns) expect(column.length).toBe(market.time.length);
    });

    test('has a value on every row from its warm-up on', () => {
      for (const column of columns) {
        const settled = column.subarray(indicator.warmup(params));
        expect(settled.every(Number.isFinite)).toBe(true);
        expect(new Set(settled).size).toBeGreaterThan(1);
      }
    });

    test('does not know the level of prices', () => {
      const scaled = indicator.compute({ ...perturbBars(market, 0, 1024), volume: market.volume }, params);
      columns.forEach((column, c) => {
        column.forEach((value, i) => {
          if (Number.isNaN(value)) expect(scaled[c][i]).toBeNaN();
          else expect(scaled[c][i]).toBeCloseTo(value, 8);
        });
      });
    });

    test('is finite and unmoved where nothing moves', () => {
      for (const column of indicator.compute(flat, params)) {
        const settled = column.subarray(indicator.warmup(params));
        expect(settled.length).toBeGreaterThan(0);
        for (const value of settled) expect(value).toBeCloseTo(settled[0], 12);
        expect(Number.isFinite(settled[0])).toBe(true);
      }
    });

    test('gives NaN only, and throws nothing, on fewer bars than it needs', () => {
      const few = toBars(
        {
          time: market.time.slice(0, 1),
          open: market.open.slice(0, 1),
          high: market.high.slice(0, 1),
          low: market.low.slice(0, 1),
          close: market.close.slice(0, 1),
          volume: market.volume.slice(0, 1),
        },
        HOUR,
      );
      for (const column of indicator.compute(few, params)) {
        expect(column.length).toBe(1);
        if (indicator.warmup(params) > 0) expect(column[0]).toBeNaN();
      }
    });

    test('refuses a parameter it does not know', () => {
      expect(indicator.params.safeParse({ perod: 3 }).success).toBe(false);
    });
  },
);

test('names are unique and found', () => {
  expect(new Set(indicators.map((indicator) => indicator.name)).size).toBe(indicators.length);
  for (const indicator of indicators) expect(findIndicator(indicator.name)).toBe(indicator);
  expect(findIndicator('nope')).toBeUndefined();
});

test('neutral values stand where a quotient has no denominator', () => {
  const at = (name: string) => {
    const indicator = findIndicator(name);
    if (!indicator) throw new Error(name);
    const params = indicator.params.parse({});
    return indicator.compute(flat, params).map((column) => column.at(-1));
  };
  expect(at('rsi')).toEqual([50]);
  expect(at('bollinger')[0]).toBe(0.5);
  expect(at('stochastic')).toEqual([50, 50]);
  expect(at('candle_shape')).toEqual([0, 0, 0]);
  expect(at('volume_z')).toEqual([0]);
  expect(at('cci')).toEqual([0]);
});

test('the fast MACD length must be below the slow one', () => {
  const result = findIndicator('macd')?.params.safeParse({ fast: 30 });
  expect(result?.error?.issues[0]?.message).toBe('fast must be less than slow');
});

test('a moving average does not drift over a hundred thousand bars', () => {
  const x = Float64Array.from({ length: 100_000 }, (_, i) => 1e6 * Math.sin(i) + (i % 7));
  const fast = sma(x, 50);
  for (const i of [49, 1047, 1048, 50_000, 99_999]) {
    const exact = x.subarray(i - 49, i + 1).reduce((sum, value) => sum + value, 0) / 50;
    expect(Math.abs(fast[i] - exact)).toBeLessThan(1e-7);
  }
});

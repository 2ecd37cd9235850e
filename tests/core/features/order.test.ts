import { describe, expect, it, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { adx } from '#core/features/adx.ts';
import { mfi } from '#core/features/mfi.ts';
import { orderOf } from '#core/features/order.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { HOUR, toBars } from './bars.ts';

const ROWS = 20_000;

/** An illiquid market in whole ticks: most bars repeat the last ones or move by a tick. */
function ticks(level: number): Record<'high' | 'low' | 'close' | 'volume', number[]> {
  const random = seededRandom(11);
  const out = { high: [] as number[], low: [] as number[], close: [] as number[], volume: [] as number[] };
  let close = level;
  for (let i = 0; i < ROWS; i++) {
    close = Math.max(3, close + Math.round(1.2 * (random() - random())));
    out.close.push(close);
    out.high.push(close + Math.round(1.4 * random()));
    out.low.push(close - Math.round(1.4 * random()));
    out.volume.push(1 + Math.floor(500 * random()));
  }
  return out;
}

/** Those ticks as a file has them: decimals, each read by itself. */
function quoted(market: ReturnType<typeof ticks>, tick: number, places: number): Bars {
  const price = (count: number) => Number(`${count * tick}e-${places}`);
  const [high, low, close] = [market.high, market.low, market.close].map((column) => Float64Array.from(column, price));
  const time = Float64Array.from(close, (_, i) => i * HOUR);
  return toBars({ time, open: close, high, low, close, volume: Float64Array.from(market.volume) }, HOUR);
}

/** MFI of period 14 in whole numbers. */
function countedMfi({ high, low, close, volume }: ReturnType<typeof ticks>): number[] {
  const sum = close.map((value, i) => value + high[i] + low[i]);
  return sum.map((_, i) => {
    if (i < 14) return NaN;
    let [up, down] = [0, 0];
    for (let j = i - 13; j <= i; j++) {
      if (sum[j] > sum[j - 1]) up += sum[j] * volume[j];
      if (sum[j] < sum[j - 1]) down += sum[j] * volume[j];
    }
    return up + down === 0 ? 0 : (100 * up) / (up + down);
  });
}

/** +DI and −DI of period 14, the moves in whole numbers. */
function countedDi({ high, low, close }: ReturnType<typeof ticks>): [number[], number[]] {
  const lines: [number[], number[]] = [[], []];
  let [range, plus, minus] = [0, 0, 0];
  for (let i = 0; i < close.length; i++) {
    const up = i > 0 ? high[i] - high[i - 1] : 0;
    const down = i > 0 ? low[i - 1] - low[i] : 0;
    const keep = i < 14 ? 1 : 13 / 14;
    range = keep * range + (i > 0 ? Math.max(high[i], close[i - 1]) - Math.min(low[i], close[i - 1]) : 0);
    plus = keep * plus + (up > down && up > 0 ? up : 0);
    minus = keep * minus + (down > up && down > 0 ? down : 0);
    lines[0].push(i < 14 ? NaN : (100 * plus) / range);
    lines[1].push(i < 14 ? NaN : (100 * minus) / range);
  }
  return lines;
}

function wrongRows(ours: Float64Array, counted: readonly number[]): number {
  return counted.filter((value, i) => !Number.isNaN(value) && !(Math.abs(ours[i] - value) < 1e-8)).length;
}

describe.each([
  ['0.01', 1, 2, 700],
  ['0.05', 5, 2, 4_000],
  ['0.00001', 1, 5, 108_000],
  ['0.00000001', 1, 8, 400],
  ['1 at a level of 14 digits', 1, 0, 90_000_000_000_000],
] as const)('on an illiquid market with a tick of %s', (_, tick, places, level) => {
  const market = ticks(level);
  const bars = quoted(market, tick, places);

  test('every row of the MFI is that of whole numbers', () => {
    expect(wrongRows(mfi.compute(bars, { period: 14 })[0], countedMfi(market))).toBe(0);
  });

  test('every row of the directional indicators is that of whole numbers', () => {
    const [, plus, minus] = adx.compute(bars, { period: 14 });
    const [countedPlus, countedMinus] = countedDi(market);
    expect(wrongRows(plus, countedPlus)).toBe(0);
    expect(wrongRows(minus, countedMinus)).toBe(0);
  });
});

describe('orderOf', () => {
  it('calls equal what differs by the rounding of decimals alone', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(orderOf(0.1 + 0.2, 0.3, 0.3)).toBe(0);
  });

  it('keeps the last of fourteen digits apart', () => {
    expect(orderOf(99_999_999_999_999, 99_999_999_999_998, 99_999_999_999_999)).toBe(1);
    expect(orderOf(99_999_999_999_998, 99_999_999_999_999, 99_999_999_999_999)).toBe(-1);
  });

  it('calls equal what is equal where there is no size', () => {
    expect(orderOf(0, 0, 0)).toBe(0);
  });
});

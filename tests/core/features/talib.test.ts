import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { adx } from '#core/features/adx.ts';
import { atr } from '#core/features/atr.ts';
import { bollinger } from '#core/features/bollinger.ts';
import { cci } from '#core/features/cci.ts';
import { macd } from '#core/features/macd.ts';
import { mfi } from '#core/features/mfi.ts';
import { onBalanceVolume } from '#core/features/obv-z.ts';
import { roc } from '#core/features/roc.ts';
import { rsi } from '#core/features/rsi.ts';
import { ema, sma } from '#core/features/smoothers.ts';
import { stochastic } from '#core/features/stochastic.ts';
import { HOUR, toBars } from './bars.ts';

interface Fixture {
  readonly bars: Record<'open' | 'high' | 'low' | 'close' | 'volume', number[]>;
  readonly values: Record<string, (number | null)[]>;
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/indicators/talib.json', import.meta.url), 'utf8'),
) as Fixture;

function fixtureBars(): Bars {
  const { open, high, low, close, volume } = fixture.bars;
  const time = Float64Array.from(close, (_, i) => i * HOUR);
  const [o, h, l, c, v] = [open, high, low, close, volume].map((column) => Float64Array.from(column));
  return toBars({ time, open: o, high: h, low: l, close: c, volume: v }, HOUR);
}

/** Equal from the first value that TA-Lib gives to the last, and nothing of ours before `first`. */
function expectTalib(
  name: string,
  ours: Float64Array,
  first = fixture.values[name].findIndex((v) => v !== null),
): void {
  const theirs = fixture.values[name];
  expect(ours.findIndex((value) => !Number.isNaN(value))).toBe(first);
  let compared = 0;
  theirs.forEach((value, i) => {
    if (value === null) return;
    const tolerance = 1e-8 * Math.max(1, Math.abs(value));
    expect(Math.abs(ours[i] - value), `${name}[${i}]: ours ${ours[i]}, TA-Lib ${value}`).toBeLessThan(tolerance);
    compared++;
  });
  expect(compared).toBeGreaterThan(180);
}

const times = (values: Float64Array, factor: Float64Array) => values.map((value, i) => value * factor[i]);

describe('indicators equal TA-Lib from its first value on', () => {
  const bars = fixtureBars();
  const { close } = bars;

  test('RSI', () => expectTalib('rsi', rsi.compute(bars, { period: 14, flat: 0 })[0]));
  test('ATR', () => expectTalib('atr', times(atr.compute(bars, { period: 14 })[0], close)));
  test('EMA and SMA', () => {
    expectTalib('ema', ema(close, 50));
    expectTalib('sma', sma(close, 50));
  });
  test('MACD, whose line starts earlier than TA-Lib shows it', () => {
    const [line, signalLine, histogram] = macd.compute(bars, { fast: 12, slow: 26, signal: 9 });
    expectTalib('macd', times(line, close), 25);
    expectTalib('macd_signal', times(signalLine, close));
    expectTalib('macd_hist', times(histogram, close));
  });
  test('Bollinger bands', () => {
    const [percent, width] = bollinger.compute(bars, { period: 20, deviations: 2 });
    const middle = sma(close, 20);
    expectTalib(
      'upper',
      middle.map((value, i) => value * (1 + width[i] / 2)),
    );
    expectTalib(
      'lower',
      close.map((value, i) => value - percent[i] * width[i] * middle[i]),
    );
  });
  test('ADX and directional indicators', () => {
    const [index, plus, minus] = adx.compute(bars, { period: 14 });
    expectTalib('adx', index);
    expectTalib('plus_di', plus);
    expectTalib('minus_di', minus);
  });
  test('Stochastic, whose %K starts earlier than TA-Lib shows it', () => {
    const [k, d] = stochastic.compute(bars, { period: 14, smooth: 3, signal: 3 });
    expectTalib('stochastic_k', k, 15);
    expectTalib('stochastic_d', d);
  });
  test('CCI', () => expectTalib('cci', cci.compute(bars, { period: 20 })[0]));
  test('MFI', () => expectTalib('mfi', mfi.compute(bars, { period: 14 })[0]));
  test('ROC', () => expectTalib('roc', roc.compute(bars, { period: 10 })[0]));
  test('OBV, which TA-Lib starts at the first volume', () => {
    expectTalib(
      'obv',
      onBalanceVolume(bars).map((value) => value + bars.volume[0]),
    );
  });
});

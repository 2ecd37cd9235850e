import { logReturn } from './log-return.ts';
import { atr } from './atr.ts';
import { macd } from './macd.ts';
import { rsi } from './rsi.ts';
import { volumeZ } from './volume-z.ts';

/** What a timeframe gets when nobody said: those of `timeframes: auto` and of the flat key `timeframes: [1h]`. */
export const defaultIndicators: Readonly<Record<string, object>> = Object.fromEntries(
  [logReturn, rsi, macd, atr, volumeZ].map((indicator) => [indicator.name, indicator.params.parse({})]),
);

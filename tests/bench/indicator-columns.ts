import type { Bars } from '#core/bars/bars.ts';
import { findIndicator } from '#core/features/registry.ts';

/**
 * What both sides of npm run bench -- indicators compute: 23 columns, every indicator that TA-Lib has functions for, at its
 * defaults, the two means at two periods. Ours come scaled, by the close or by deviations; TA-Lib's as its functions give them.
 */
const calls: readonly { readonly name: string; readonly params: object; readonly theirs: string }[] = [
  { name: 'log_return', params: {}, theirs: 'LN(ROCR 1)' },
  { name: 'sma_distance', params: { period: 50 }, theirs: 'SMA 50' },
  { name: 'sma_distance', params: { period: 200 }, theirs: 'SMA 200' },
  { name: 'ema_distance', params: { period: 50 }, theirs: 'EMA 50' },
  { name: 'ema_distance', params: { period: 200 }, theirs: 'EMA 200' },
  { name: 'rsi', params: {}, theirs: 'RSI 14' },
  { name: 'macd', params: {}, theirs: 'MACD 12 26 9: line, signal, histogram' },
  { name: 'atr', params: {}, theirs: 'ATR 14' },
  { name: 'bollinger', params: {}, theirs: 'BBANDS 20 2: upper and lower, middle' },
  { name: 'realised_vol', params: {}, theirs: 'SQRT(SUM 20 (MULT)) of LN(ROCR 1)' },
  { name: 'volume_z', params: {}, theirs: 'SMA 50, STDDEV 50, SUB and DIV of LN(1 + volume)' },
  { name: 'roc', params: {}, theirs: 'ROC 10' },
  { name: 'stochastic', params: {}, theirs: 'STOCH 14 3 3: %K, %D' },
  { name: 'adx', params: {}, theirs: 'ADX 14, PLUS_DI 14, MINUS_DI 14' },
  { name: 'cci', params: {}, theirs: 'CCI 20' },
  { name: 'mfi', params: {}, theirs: 'MFI 14' },
  { name: 'obv_z', params: {}, theirs: 'OBV, SMA 50, STDDEV 50, SUB and DIV' },
];

const chosen = calls.map(({ name, params, theirs }) => {
  const indicator = findIndicator(name);
  if (indicator === undefined) throw new Error(`The bench names the indicator ${name}, which is not in the registry.`);
  return { indicator, params: indicator.params.parse(params), theirs };
});

/** Titles of the columns, in order. */
export const columnTitles = chosen.flatMap(({ indicator, params }) => indicator.columns(params));

/** Ours beside TA-Lib's, a line an indicator. */
export const pairings = chosen.map(
  ({ indicator, params, theirs }) => `${indicator.columns(params).join(', ').padEnd(58)} ${theirs}`,
);

/** All columns at once, held until the last is there, as the features of a file are. */
export function computeColumns(bars: Bars): readonly Float64Array[] {
  return chosen.flatMap(({ indicator, params }) => indicator.compute(bars, params));
}

import { adx } from './adx.ts';
import { atr } from './atr.ts';
import { bollinger } from './bollinger.ts';
import { candleShape } from './candle-shape.ts';
import { cci } from './cci.ts';
import { emaDistance } from './ema-distance.ts';
import type { Indicator } from './indicator.ts';
import { logReturn } from './log-return.ts';
import { macd } from './macd.ts';
import { mfi } from './mfi.ts';
import { obvZ } from './obv-z.ts';
import { realisedVol } from './realised-vol.ts';
import { roc } from './roc.ts';
import { rsi } from './rsi.ts';
import { smaDistance } from './sma-distance.ts';
import { stochastic } from './stochastic.ts';
import { volumeZ } from './volume-z.ts';

/** Every indicator a notebook can name; also the order of their columns. To add one: its file, and a line here. */
export const indicators = [
  logReturn,
  smaDistance,
  emaDistance,
  rsi,
  macd,
  atr,
  bollinger,
  realisedVol,
  volumeZ,
  candleShape,
  roc,
  stochastic,
  adx,
  cci,
  mfi,
  obvZ,
] as const satisfies readonly Indicator[];

/** Finds an indicator by its YAML key. */
export function findIndicator(name: string): Indicator | undefined {
  return indicators.find((indicator) => indicator.name === name);
}

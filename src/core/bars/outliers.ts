import type { DataConfig } from '#core/config/data.ts';
import { timeLabel } from '#core/time/time-label.ts';
import type { Bars } from './bars.ts';

type Prices = Pick<Bars, 'open' | 'high' | 'low' | 'close'>;
type Price = keyof Prices;
const prices = ['open', 'high', 'low', 'close'] as const;

/** Bars before and behind that say what the price level is. */
const side = 5;
/** Bars before and behind that say how far prices move here. */
const around = 50;
/** Least distance from both sides: five percent, and twenty times the usual move. */
const least = Math.log(1.05);
const moves = 20;
/** Where one side is missing, as at the end of a file, the price must be three times off. */
const oneSided = Math.log(3);

/** A price far off the bars before and behind it. */
export interface Outlier {
  readonly row: number;
  /** The prices of the bar that are off. */
  readonly off: readonly Price[];
  /** Between the levels before and behind. */
  readonly low: number;
  readonly high: number;
}

/**
 * Bars with a price that lies, on the same side, at least 5 % and twenty times the usual move (the median of true
 * ranges of fifty bars on either side, in logs) from the median close of the five bars before and from that of the
 * five behind, which agree with each other to half of that. A crash, a split and a gap do not return within three
 * bars, so none of them counts.
 */
export function findOutliers(bars: Prices): readonly Outlier[] {
  const { high, low, close } = bars;
  const rows = close.length;
  const ranges = new Float64Array(Math.min(rows, 2000));
  for (let k = 0; k < ranges.length; k++) ranges[k] = trueRange(bars, Math.floor((k * rows) / ranges.length));
  // A cheap test lets few bars through to the exact one.
  const factor = Math.exp(Math.max(least, (moves / 3) * (ranges.sort()[Math.floor(ranges.length / 2)] ?? 0)));
  const candidates: number[] = [];
  for (let i = 0; i < rows; i++) {
    // Two bars away: the middle one of three ticks has bad neighbours.
    const before = close[i < 2 ? Math.min(rows - 1, i + side) : i - 2];
    const behind = close[i > rows - 3 ? Math.max(0, i - side) : i + 2];
    const far =
      high[i] > factor * before || low[i] * factor < before || high[i] > factor * behind || low[i] * factor < behind;
    if (far) candidates.push(i);
  }
  // What one bar in fifty does is no outlier, whatever it is.
  if (candidates.length > Math.max(100, rows / 50)) return [];
  return candidates.flatMap((row) => examine(bars, row) ?? []);
}

function examine(bars: Prices, row: number): Outlier | undefined {
  const levels = [medianLog(bars.close, row - side, row), medianLog(bars.close, row + 1, row + 1 + side)].filter(
    (level) => !Number.isNaN(level),
  );
  if (levels.length === 0) return undefined;
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const beyond = (limit: number): Price[] =>
    prices.filter((price) => {
      const log = Math.log(bars[price][row]);
      return log > high + limit || log < low - limit;
    });
  const lowest = levels.length === 1 ? oneSided : least;
  // Few rows come past this, and the usual move takes a hundred logarithms.
  if (beyond(lowest).length === 0) return undefined;
  const limit = Math.max(lowest, moves * usualMove(bars, row));
  if (high - low > limit / 2) return undefined;
  const off = beyond(limit);
  return off.length > 0 ? { row, off, low: Math.exp(low), high: Math.exp(high) } : undefined;
}

/** Median of the true ranges around a row, its own left out; 0 where it stands alone. */
function usualMove(bars: Prices, row: number): number {
  const [from, to] = [Math.max(0, row - around), Math.min(bars.close.length, row + around + 1)];
  const usual = new Float64Array(to - from - 1);
  for (let k = from; k < to; k++) if (k !== row) usual[k < row ? k - from : k - from - 1] = trueRange(bars, k);
  return usual.sort()[usual.length >> 1] ?? 0;
}

/** Median of the log closes of rows [from, to); NaN of fewer than two. */
function medianLog(close: Float64Array, from: number, to: number): number {
  const logs = Array.from(close.subarray(Math.max(0, from), Math.max(0, Math.min(close.length, to))), Math.log);
  logs.sort((a, b) => a - b);
  return logs.length < 2 ? NaN : (logs[(logs.length - 1) >> 1] + logs[logs.length >> 1]) / 2;
}

/** Log of the highest over the lowest of high, low and the close before. */
function trueRange({ high, low, close }: Prices, row: number): number {
  const before = row === 0 ? close[0] : close[row - 1];
  return Math.log(Math.max(high[row], before) / Math.min(low[row], before));
}

/**
 * Copies of the prices in which those that are off are pulled in between the levels before and behind, and high and low
 * with them. The level behind is not known when the bar closes: this mends a file, and is no trading rule.
 */
export function clipOutliers(bars: Prices, outliers: readonly Outlier[]): Prices {
  const clipped = {
    open: bars.open.slice(),
    high: bars.high.slice(),
    low: bars.low.slice(),
    close: bars.close.slice(),
  };
  for (const { row, off, low, high } of outliers) {
    for (const price of off) clipped[price][row] = Math.min(Math.max(clipped[price][row], low), high);
    const [open, close] = [clipped.open[row], clipped.close[row]];
    clipped.high[row] = Math.max(clipped.high[row], open, close);
    clipped.low[row] = Math.min(clipped.low[row], open, close);
  }
  return clipped;
}

/** What data.outliers did, for a note. */
export function outlierNote(
  outliers: readonly Outlier[],
  time: Float64Array,
  bars: Prices,
  rule: DataConfig['outliers'],
): string {
  const [{ row, off, high }] = outliers;
  const one = outliers.length === 1;
  const done = { note: one ? 'left as it is' : 'left as they are', drop: 'left out', clip: 'pulled in' }[rule];
  const them = one ? 'it' : 'them';
  const next =
    rule === 'note' ? `; data.outliers: drop leaves ${them} out, clip pulls ${one ? 'it' : 'the prices'} in` : '';
  const price = Number(bars[off[0]][row].toPrecision(7));
  return (
    `${one ? '1 bar has' : `${outliers.length} bars have`} a price far off its neighbours, ${done}: the ` +
    `first at ${timeLabel(time[row])}, ${off[0]} ${price} where about ${Number(high.toPrecision(4))} was usual${next}`
  );
}

import { timeLabel } from '#core/time/time-label.ts';
import { day } from '#core/time/timeframe.ts';
import type { Bars } from './bars.ts';

/** A bar from which on prices stand at another level, as after a split that was not adjusted for. */
interface Split {
  readonly row: number;
  /** What the price was multiplied by: a whole number, one over it, 3/2 or 2/3. */
  readonly ratio: number;
}

const factors = [1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 100];
const ratios = [...factors, ...factors.map((factor) => 1 / factor)];
/** Bars before and behind whose median is the level; more than a bad tick that comes back lasts. */
const side = 10;
/** A jump must be so many times the usual move of fifty bars on either side. */
const moves = 8;
const around = 50;

/**
 * Bars that open within 2 % of a ratio of splits times the close before, far beyond the usual move, and whose level
 * stays. Splits happen between sessions: within one, of bars below a day that are not the first of a day (UTC) or behind
 * an absence, the ratio must be met to half a percent.
 */
export function findSplits(
  { open, close }: Pick<Bars, 'open' | 'close'>,
  time: Float64Array,
  step: number,
): readonly Split[] {
  const found: Split[] = [];
  for (let row = 1; row < close.length; row++) {
    const jump = open[row] / close[row - 1];
    if (jump > 0.7 && jump < 1.4) continue;
    const near = isBetweenSessions(time, row, step) ? 0.02 : 0.005;
    const ratio = ratios.find((one) => Math.abs(jump / one - 1) < near);
    if (ratio === undefined) continue;
    const level = median(close.slice(row, row + side)) / median(close.slice(Math.max(0, row - side), row));
    if (Math.abs(level / ratio - 1) > 0.1 || row + side > close.length) continue;
    const usual: number[] = [];
    for (let k = Math.max(1, row - around); k < Math.min(close.length, row + around); k++) {
      usual.push(Math.abs(Math.log(close[k] / close[k - 1])));
    }
    if (Math.abs(Math.log(ratio)) >= moves * median(usual)) found.push({ row, ratio });
  }
  return found;
}

function isBetweenSessions(time: Float64Array, row: number, step: number): boolean {
  const isNewDay = Math.floor(time[row] / day) !== Math.floor(time[row - 1] / day);
  return step >= day || isNewDay || time[row] - time[row - 1] > 1.5 * step;
}

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}

/** What was found, for a note. */
export function splitNote(splits: readonly Split[], time: Float64Array): string {
  const [{ row, ratio }] = splits;
  const to = ratio < 1 ? `falls to 1/${Number((1 / ratio).toPrecision(3))}` : `rises to ${ratio} times`;
  const more = splits.length > 1 ? `, and ${splits.length - 1} more such` : '';
  return (
    `the price ${to} at ${timeLabel(time[row])} and stays there${more}: an unadjusted split? ` +
    'data.columns: {close: Adj Close} takes an adjusted close, if the file has one'
  );
}

import type { DataConfig } from '#core/config/data.ts';
import { timeLabel } from '#core/time/time-label.ts';
import type { Bars } from './bars.ts';

/** A stretch of bars in which nothing was traded and no price moved: rows [from, to). */
export interface Standstill {
  readonly from: number;
  readonly to: number;
}

/**
 * Stretches of bars with volume 0 whose four prices are the close before, in two lists: `long` of more than `least`
 * bars, an outage, a halt or a weekend that the source wrote as bars, and `short` of 2 to `least`. None where no bar has
 * a volume.
 */
export function findStandstills(
  { open, high, low, close, volume }: Pick<Bars, 'open' | 'high' | 'low' | 'close' | 'volume'>,
  least: number,
): { readonly long: readonly Standstill[]; readonly short: readonly Standstill[] } {
  const [long, short]: [Standstill[], Standstill[]] = [[], []];
  let traded = false;
  let from = -1;
  for (let i = 0; i <= close.length; i++) {
    const still =
      i < close.length &&
      volume[i] === 0 &&
      open[i] === close[i] &&
      high[i] === close[i] &&
      low[i] === close[i] &&
      (i === 0 || close[i] === close[i - 1]);
    if (i < close.length && volume[i] !== 0) traded = true;
    if (still && from < 0) from = i;
    if (!still && from >= 0) {
      if (i - from > least) long.push({ from, to: i });
      else if (i - from > 1) short.push({ from, to: i });
      from = -1;
    }
  }
  return traded ? { long, short } : { long: [], short: [] };
}

/** From this share of the bars on, short stretches are no quiet hours: weekends and closures written as bars. */
const frequent = 0.1;

/**
 * What to say where many bars have no volume and one price, the close before, in stretches too short to be found one by
 * one: a tenth of all `length` bars and more together. Null where there are not so many.
 */
export function shortStandstillNote(short: readonly Standstill[], length: number, least: number): string | null {
  const count = short.reduce((sum, { from, to }) => sum + to - from, 0);
  if (length < 50 || count < frequent * length) return null;
  const share = ((100 * count) / length).toFixed(0);
  return (
    `${count} of ${length} bars (${share} %) have no volume and the close before as their one price, in ${short.length} ` +
    `stretches of 2 to ${least} bars: perhaps weekends or hours without trade that the source wrote as bars; kept`
  );
}

/** When the first 200 of the stretches were, for the report: from the opening of the first bar to the end of the last, ms. */
export function standstillTimes(
  stretches: readonly Standstill[],
  time: Float64Array,
  step: number,
): readonly (readonly [number, number])[] {
  return stretches.slice(0, 200).map(({ from, to }) => [time[from], time[to - 1] + step]);
}

/** What was found, and what data.outliers did with it, for a note. */
export function standstillNote(
  stretches: readonly Standstill[],
  time: Float64Array,
  rule: DataConfig['outliers'],
): string {
  const bars = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const longest = stretches.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  const where = stretches.length === 1 ? 'in one stretch,' : `in ${stretches.length} stretches, the longest`;
  const next =
    rule === 'drop'
      ? 'left out, so that data.gaps treats them as missing'
      : 'kept; data.outliers: drop leaves them out, and data.gaps then treats them as missing';
  return (
    `${bars} bars ${where} from ${timeLabel(time[longest.from])} to ` +
    `${timeLabel(time[longest.to - 1])}, have no volume and one price: perhaps an outage or a closure ` +
    `that the source wrote as bars; ${next}`
  );
}

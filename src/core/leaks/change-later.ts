import { type Bars, mapExtra } from '#core/bars/bars.ts';
import { seededRandom } from '#core/seeded-random.ts';

/** Prices move by up to this share: far beyond rounding, and near enough that no price changes its sign. */
const most = 0.05;

/**
 * The bars with all numbers after row `row` changed at random: each price of a bar by itself, so that no ratio stays as
 * it was, high and low still around the others, volumes and further columns each by a factor. Times, segments, zero
 * volumes and missing values stay. The same seed gives the same bars.
 */
export function changeLater(bars: Bars, row: number, seed: number): Bars {
  const random = seededRandom(seed);
  const from = row + 1;
  const open = bars.open.slice();
  const high = bars.high.slice();
  const low = bars.low.slice();
  const close = bars.close.slice();
  const factor = (range: number) => 1 + range * (2 * random() - 1);
  for (let i = from; i < close.length; i++) {
    open[i] *= factor(most);
    close[i] *= factor(most);
    const [above, below] = [Math.max(open[i], close[i]), Math.min(open[i], close[i])];
    high[i] = above + Math.abs(above) * most * random();
    low[i] = below - Math.abs(below) * most * random();
  }
  const scaled = (column: Float64Array) => {
    const changed = column.slice();
    for (let i = from; i < changed.length; i++) changed[i] *= factor(0.5);
    return changed;
  };
  return { ...bars, open, high, low, close, volume: scaled(bars.volume), extra: mapExtra(bars.extra, scaled) };
}

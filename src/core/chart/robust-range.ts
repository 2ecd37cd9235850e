/** What of a line's values its axis has to show. */
interface RobustRange {
  /** Ends that most values lie between, the newest tenth for certain. */
  readonly low: number;
  readonly high: number;
  /** Smallest and largest of all finite values. */
  readonly lowest: number;
  readonly highest: number;
}

/** Values that the quartiles are taken from; more would tell nothing more. */
const sampled = 2000;

/** A range that shows less than this many times more is not worth leaving points out. */
const worthwhile = 1.5;

/**
 * The range of y in which a line is seen best: without what lies more than three interquartile ranges beyond the
 * quartiles (Tukey's far outliers), unless it is of the last tenth of the points. So the first steps of a training do
 * not press all later ones into a line, and a loss that runs away at the end is seen. Null where nothing is finite.
 *
 * @param y values in the order of x
 * @param from, to the part of y in view, `to` excluded
 * @param drawn indices of the points drawn of that part, ascending: all, or what `decimate` kept of them
 */
export function robustRange(
  y: ArrayLike<number>,
  from: number,
  to: number,
  drawn: ArrayLike<number>,
): RobustRange | null {
  const [bottom, top] = fences(y, from, to);
  const recent = to - Math.max(1, Math.ceil((to - from) / 10));
  let low = Infinity;
  let high = -Infinity;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let k = 0; k < drawn.length; k++) {
    const i = drawn[k] ?? 0;
    const value = y[i] ?? NaN;
    if (!Number.isFinite(value) || i < from || i >= to) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (i < recent && (value < bottom || value > top)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (lowest > highest) return null;
  // Where the newest points are gaps and no other lies within the fences, all are shown.
  if (low > high || highest - lowest < worthwhile * (high - low)) [low, high] = [lowest, highest];
  return { low, high, lowest, highest };
}

/** Lower and upper fence of an evenly taken sample; without any where half of the values are equal. */
function fences(y: ArrayLike<number>, from: number, to: number): readonly [number, number] {
  const stride = Math.max(1, Math.ceil((to - from) / sampled));
  const values: number[] = [];
  for (let i = from; i < to; i += stride) {
    const value = y[i] ?? NaN;
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? NaN;
  const [q1, q3] = [at(0.25), at(0.75)];
  const reach = 3 * (q3 - q1);
  return values.length >= 5 && reach > 0 ? [q1 - reach, q3 + reach] : [-Infinity, Infinity];
}

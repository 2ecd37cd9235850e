/** How rows are thinned: where each lies on an axis along which they ascend, and the readings whose extremes stay. */
export interface Thinning<Row> {
  readonly at: (row: Row) => number;
  readonly readings: readonly ((row: Row) => number | undefined)[];
}

/** Curves of metrics. */
export const curveThinning: Thinning<{ readonly step: number; readonly value: number }> = {
  at: ({ step }) => step,
  readings: [({ value }) => value],
};

/**
 * Thins rows to `most`, unless one bucket alone keeps more: the axis is cut into equal buckets, and of each the first and
 * the last row stay and of each reading the lowest and the highest, in their order. A spike is never lost. A non-finite
 * value counts as neither lowest nor highest, but the first of each bucket stays, so that a divergence is seen.
 *
 * Buckets are powers of two wide and begin at multiples of that, so that rows thinned before, with more added behind
 * them, give what all rows would have given.
 * @param isPart rows are what an earlier thinning left: more than `most` in truth, however few there are.
 */
export function thinRows<Row>(
  rows: readonly Row[],
  most: number,
  thinning: Thinning<Row>,
  isPart = false,
): readonly Row[] {
  if (rows.length === 0 || (rows.length <= most && !isPart)) return rows;
  const { at } = thinning;
  const [low, high] = [at(rows[0]), at(rows[rows.length - 1])];
  let width = 2 ** Math.ceil(Math.log2(Math.max(1, (high - low + 1) / most)));
  for (;;) {
    const kept = thinTo(rows, width, thinning);
    if (kept.length <= most || Math.floor(low / width) === Math.floor(high / width)) return kept;
    width *= 2;
  }
}

function thinTo<Row>(rows: readonly Row[], width: number, { at, readings }: Thinning<Row>): readonly Row[] {
  const kept: Row[] = [];
  for (let start = 0; start < rows.length;) {
    const bucket = Math.floor(at(rows[start]) / width);
    let end = start + 1;
    while (end < rows.length && Math.floor(at(rows[end]) / width) === bucket) end++;
    const places = new Set([start, end - 1]);
    if (end - start > 2) for (const reading of readings) addExtremes(places, rows, start, end, reading);
    for (const place of [...places].sort((a, b) => a - b)) kept.push(rows[place]);
    start = end;
  }
  return kept;
}

function addExtremes<Row>(
  places: Set<number>,
  rows: readonly Row[],
  start: number,
  end: number,
  reading: (row: Row) => number | undefined,
): void {
  let [low, high, strange] = [-1, -1, -1];
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = start; i < end; i++) {
    const value = reading(rows[i]);
    if (value === undefined) continue;
    if (!Number.isFinite(value)) {
      if (strange < 0) strange = i;
      continue;
    }
    if (value < lowest) [lowest, low] = [value, i];
    if (value > highest) [highest, high] = [value, i];
  }
  for (const place of [low, high, strange]) if (place >= 0) places.add(place);
}

import type { Bars } from '#core/bars/bars.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { splitNames } from '#core/dataset/dataset.ts';
import { segmentRanges } from '#core/features/matrix.ts';
import { seededRandom } from '#core/seeded-random.ts';

/**
 * Rows to look at for leaks, ascending, about `count` of them: where leaks are likely to show, that is the first and
 * last sample of each split, the first and last row with all features of some segments, and rows on which a further
 * column of the file has no value; the rest spread at random over equal stretches of the samples.
 *
 * @param columns features of all rows, NaN where they are missing
 */
export function probeRows(
  bars: Bars,
  columns: readonly Float64Array[],
  samples: Dataset['samples'],
  count: number,
  seed: number,
): readonly number[] {
  const random = seededRandom(seed);
  const some = (rows: readonly number[], most: number) => spread(rows, most, random);
  const isComplete = (row: number) => columns.every((column) => !Number.isNaN(column[row]));
  const rows = new Set<number>();

  for (const name of splitNames) {
    const part = samples[name];
    if (part.length > 0) rows.add(part[0]).add(part[part.length - 1]);
  }
  const ranges = segmentRanges(bars.segment);
  for (const k of some([...ranges.keys()], Math.ceil(count / 8))) {
    const [from, to] = ranges[k];
    let first = from;
    while (first < to && !isComplete(first)) first++;
    let last = to - 1;
    while (last > first && !isComplete(last)) last--;
    if (first < to) rows.add(first).add(last);
  }
  const holes: number[] = [];
  for (const column of Object.values(bars.extra)) {
    for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i]) && isComplete(i)) holes.push(i);
  }
  for (const row of some(holes, Math.ceil(count / 8))) rows.add(row);
  const all = splitNames.flatMap((name) => [...samples[name]]);
  for (const row of some(all, Math.max(1, count - rows.size))) rows.add(row);
  return [...rows].sort((a, b) => a - b);
}

/** One of each of `count` equal stretches of the list; all of it where it is no longer. */
function spread(list: readonly number[], count: number, random: () => number): readonly number[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, k) => list[Math.floor(((k + random()) * list.length) / count)]);
}

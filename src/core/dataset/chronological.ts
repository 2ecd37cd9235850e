import type { Boundaries } from '#core/bars/boundaries.ts';
import type { DataConfig } from '#core/config/data.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { type SplitName, splitNames } from './dataset.ts';

/** Samples of each split and how many were given up between them. */
export interface Split {
  readonly samples: Readonly<Record<SplitName, Int32Array>>;
  /** First row of each split (inclusive) and the first behind it; bars, samples or not. */
  readonly bars: Readonly<Record<SplitName, readonly [number, number]>>;
  readonly purged: number;
  readonly embargoed: number;
  /** Rows from data.split.until on. */
  readonly afterUntil: number;
}

/**
 * Splits ascending row indices in time, never shuffled (SAMPLES.md#split). A row belongs to the split in which its bar
 * opens. With b the first bar of the next split, it stays only if its label, `purge` rows on, ends before b (`auto` =
 * the horizon); with a the first bar of its own, only from a + embargo on. Windows may reach back across a boundary.
 *
 * @param time opening times of all bars, ms
 */
export function splitChronologically(
  rows: Int32Array,
  time: Float64Array,
  { validationFrom, testFrom, until }: Boundaries,
  { purge, embargo }: Pick<DataConfig['split'], 'purge' | 'embargo'>,
  horizon: number,
): Split {
  const reach = purge === 'auto' ? horizon : purge;
  const end = until === null ? time.length : lowerBound(time, until);
  const first = Math.min(end, lowerBound(time, validationFrom));
  const second = Math.min(end, lowerBound(time, testFrom));
  const parts = splitNames.map((name, p) => {
    const bars = [[0, first] as const, [first, second] as const, [second, end] as const][p];
    const part = rows.subarray(lowerBound(rows, bars[0]), lowerBound(rows, bars[1]));
    const late = p === 0 ? part : part.filter((row) => row >= bars[0] + embargo);
    // A label of the test that reached past `until` would not be there, or another, before more bars came.
    const ahead = p < 2 ? reach : Math.max(reach, horizon);
    const kept = bars[1] < time.length ? late.filter((row) => row + ahead < bars[1]) : late;
    return { name, bars, kept, embargoed: part.length - late.length, purged: late.length - kept.length };
  });
  const [train, validation, test] = parts;
  return {
    samples: { train: train.kept, validation: validation.kept, test: test.kept },
    bars: { train: train.bars, validation: validation.bars, test: test.bars },
    purged: parts.reduce((sum, part) => sum + part.purged, 0),
    embargoed: parts.reduce((sum, part) => sum + part.embargoed, 0),
    afterUntil: rows.length - lowerBound(rows, end),
  };
}

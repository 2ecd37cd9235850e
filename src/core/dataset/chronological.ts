import type { DataConfig } from '#core/config/data.ts';
import type { SplitName } from './dataset.ts';

/** Samples of each split and how many were given up between them. */
interface Split {
  readonly samples: Readonly<Record<SplitName, Int32Array>>;
  readonly purged: number;
  readonly embargoed: number;
}

/**
 * Splits ascending row indices in time, never shuffled (SAMPLES.md#split). A boundary lies at the sample that the
 * shares point to, row b: a sample before it stays only if its label, `purge` rows on, ends before row b (`auto` = the
 * horizon), and one after it only from row b + embargo on. Windows may reach back across a boundary.
 */
export function splitChronologically(rows: Int32Array, split: DataConfig['split'], horizon: number): Split {
  const purge = split.purge === 'auto' ? horizon : split.purge;
  const total = split.train + split.validation + split.test;
  const first = Math.round((rows.length * split.train) / total);
  const second = Math.round((rows.length * (split.train + split.validation)) / total);
  const ends = [first, second, rows.length];
  const parts = [0, first, second].map((from, p) => {
    const until = p < 2 && ends[p] < rows.length ? rows[ends[p]] : Infinity;
    const since = p > 0 && from < rows.length ? rows[from] + split.embargo : -Infinity;
    const part = rows.subarray(from, ends[p]);
    const late = part.filter((row) => row >= since);
    const kept = late.filter((row) => row + purge < until);
    return { kept, embargoed: part.length - late.length, purged: late.length - kept.length };
  });
  return {
    samples: { train: parts[0].kept, validation: parts[1].kept, test: parts[2].kept },
    purged: parts.reduce((sum, part) => sum + part.purged, 0),
    embargoed: parts.reduce((sum, part) => sum + part.embargoed, 0),
  };
}

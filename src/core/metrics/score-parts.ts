import type { Numbers } from './numbers.ts';

/**
 * Scores that depend on sums over rows alone: one column for each sum, and what the sums say. A resample of the rows is
 * scored from its sums as the rows themselves are.
 */
export interface ScoreParts {
  /** Equally long, one value a row. */
  readonly columns: readonly Float64Array[];
  /** Scores of the rows whose columns sum to `sums`, in the order of `columns`; NaN where not defined. */
  scores(sums: Float64Array): Numbers;
}

/** Scores of all rows. */
export function scoreAll({ columns, scores }: ScoreParts): Numbers {
  return scores(Float64Array.from(columns, sumOf));
}

export function sumOf(column: Float64Array): number {
  // Twenty times as fast as reduce, which matters after each epoch on many rows.
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i];
  return sum;
}

/** A column of what `value` says of each row; as fast as a loop of its own. */
export function columnOf(rows: number, value: (row: number) => number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = value(i);
  return out;
}

/** Two sets of scores of the same rows as one. */
export function joinParts(first: ScoreParts, second: ScoreParts): ScoreParts {
  const cut = first.columns.length;
  return {
    columns: [...first.columns, ...second.columns],
    scores: (sums) => ({ ...first.scores(sums.subarray(0, cut)), ...second.scores(sums.subarray(cut)) }),
  };
}

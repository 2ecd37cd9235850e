import type { Bars } from '#core/bars/bars.ts';
import type { Boundaries } from '#core/bars/boundaries.ts';
import type { DataConfig } from '#core/config/data.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import { splitChronologically } from './chronological.ts';
import type { DatasetReport } from './dataset.ts';
import { balanceOf, measureOutcomes, rawTasks } from './task.ts';

/** The labels that bars have, whatever the features and the windows make of their rows. */
export interface LabelCount {
  /** Distance of two bars, ms. */
  readonly step: number;
  readonly rows: number;
  /** Rows without a label: the last ones of each stretch. */
  readonly unlabelled: number;
  /** Share of positive labels, for each task with binary labels; nothing of the test rows. */
  readonly balance: DatasetReport['balance'];
}

/** Counts the labels of data and targets alone, over the rows of each split of which is known what comes. */
export function countLabels(
  bars: Bars,
  { split }: DataConfig,
  targets: TargetsConfig,
  boundaries: Boundaries,
): LabelCount {
  const rows = bars.time.length;
  const outcomes = measureOutcomes(bars, targets);
  const measured = [...outcomes.values()];
  const known = indicesWhere(rows, (row) => measured.every((outcome) => !Number.isNaN(outcome[row])));
  const { samples } = splitChronologically(known, bars.time, boundaries, split, targets.horizon);
  return {
    step: bars.step,
    rows,
    unlabelled: rows - known.length,
    balance: balanceOf(rawTasks(outcomes, targets), samples),
  };
}

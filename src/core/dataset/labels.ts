import type { Bars } from '#core/bars/bars.ts';
import type { DataConfig } from '#core/config/data.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import { targetOf } from '#core/targets/registry.ts';
import { splitChronologically } from './chronological.ts';
import type { DatasetReport } from './dataset.ts';
import { rawTasks } from './task.ts';

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

/** Counts the labels of data and targets alone, over the rows of each split that have one. */
export function countLabels(bars: Bars, { split }: DataConfig, targets: TargetsConfig): LabelCount {
  const rows = bars.time.length;
  const tasks = rawTasks(bars, targets);
  const labelled = indicesWhere(rows, (row) => tasks.every(({ raw }) => !Number.isNaN(raw[row])));
  const { samples } = splitChronologically(labelled, split, targets.horizon);
  const binary = tasks.filter(({ kind }) => targetOf(kind).scale.name === 'binary');
  const share = (raw: Float64Array, of: Int32Array) => of.reduce((sum, row) => sum + raw[row], 0) / of.length;
  return {
    step: bars.step,
    rows,
    unlabelled: rows - labelled.length,
    balance: Object.fromEntries(
      binary.map(({ name, raw }) => [
        name,
        { train: share(raw, samples.train), validation: share(raw, samples.validation), test: NaN },
      ]),
    ),
  };
}

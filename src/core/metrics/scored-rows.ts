import type { Task } from '#core/dataset/dataset.ts';
import { targetOf } from '#core/targets/registry.ts';
import { directionParts } from './direction-score.ts';
import { wilsonInterval } from './interval.ts';
import type { Numbers } from './numbers.ts';
import { columnOf, joinParts, scoreAll, type ScoreParts } from './score-parts.ts';

/** What scoring needs of a task. */
type ScoredTask = Pick<Task, 'kind' | 'mean' | 'sd'>;

/** The rows of a split on which a task can be scored: those where it has a label. */
export interface ScoredRows {
  readonly rows: Int32Array;
  /** Labels of `rows` in target units. */
  readonly actual: Float64Array;
  /** Rows of the split without a label: a direction where the price did not move. */
  readonly unlabelled: number;
}

/** Those of `rows` where the task has a label. */
export function withLabel({ raw }: Task, rows: Int32Array): Int32Array {
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (!Number.isNaN(raw[rows[i]])) kept[count++] = rows[i];
  return kept.subarray(0, count);
}

/** The scored rows of a task with its forecasts of all `samples` cut to them. */
export function takeScored(
  task: Task,
  samples: Int32Array,
  forecasts: Float64Array,
): { readonly rows: ScoredRows; readonly predicted: Float64Array } {
  const rows = withLabel(task, samples);
  const actual = columnOf(rows.length, (i) => task.raw[rows[i]]);
  return {
    rows: { rows, actual, unlabelled: samples.length - rows.length },
    predicted:
      rows.length === samples.length ? forecasts : forecasts.filter((_, i) => !Number.isNaN(task.raw[samples[i]])),
  };
}

/** Forecasts and labels in target units as signs: above 0 for up, below for down. */
export function signsOf({ kind }: Pick<Task, 'kind'>, values: Float64Array): Float64Array {
  const { middle } = targetOf(kind).scale;
  return columnOf(values.length, (i) => values[i] - middle);
}

/** All scores of a task that depend on sums alone. */
export function partsOf(task: ScoredTask, predicted: Float64Array, { actual }: ScoredRows): ScoreParts {
  const own = targetOf(task.kind).scale.parts(predicted, actual, task);
  return joinParts(own, directionParts(signsOf(task, predicted), signsOf(task, actual)));
}

/**
 * All metrics of one task's forecasts, in target units; labels reach `horizon` bars ahead and overlap, so that n rows
 * count as n/horizon independent ones.
 */
export function scoreRows(task: ScoredTask, predicted: Float64Array, rows: ScoredRows, horizon: number): Numbers {
  const scores = scoreAll(partsOf(task, predicted, rows));
  const { da, n } = scores;
  const n_eff = n / horizon;
  const [da_low, da_high] = wilsonInterval(da, n_eff);
  return { ...scores, n_eff, excluded: rows.unlabelled + rows.actual.length - n, da_low, da_high };
}

import type { Task } from '#core/dataset/dataset.ts';
import { targetOf } from '#core/targets/registry.ts';
import type { ScaleName } from '#core/targets/scale.ts';

export type Numbers = Readonly<Record<string, number>>;

type NamedTask = Pick<Task, 'name' | 'kind'>;

/** Labels of the given rows in target units. */
export function labelsAt(task: Task, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => task.raw[row]);
}

/** All metrics of one task's forecast: returns in target units, or probabilities of "up". */
export function scoreTask(task: Task, predicted: Float64Array, actual: Float64Array, horizon: number): Numbers {
  return targetOf(task.kind).scale.score(predicted, actual, task, horizon);
}

/**
 * Joins the metrics of all tasks under the names of FORMATS.md#metric-names: `<task>.<metric>` for each, and without a
 * task name the direction metrics of the first task with binary labels (else of the sign of the first return) and the
 * regression metrics of the first return.
 */
export function nameMetrics(tasks: readonly NamedTask[], scores: readonly Numbers[]): Record<string, number> {
  const out: Record<string, number> = {};
  const regression = firstScore(tasks, scores, 'value');
  const direction = firstScore(tasks, scores, 'binary') ?? regression;
  for (const name of ['rmse', 'mae', 'r2', 'sd_ratio', 'ic']) {
    if (regression && name in regression) out[name] = regression[name];
  }
  for (const name of ['da', 'da_low', 'da_high', 'f1', 'n', 'n_eff', 'excluded', 'log_loss', 'brier']) {
    if (direction && name in direction) out[name] = direction[name];
  }
  tasks.forEach((task, t) => {
    for (const [name, value] of Object.entries(scores[t])) out[`${task.name}.${name}`] = value;
  });
  return out;
}

function firstScore(tasks: readonly NamedTask[], scores: readonly Numbers[], scale: ScaleName): Numbers | null {
  const at = tasks.findIndex(({ kind }) => targetOf(kind).scale.name === scale);
  return at < 0 ? null : scores[at];
}

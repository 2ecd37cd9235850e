import type { Task } from '#core/dataset/dataset.ts';
import { targetOf } from '#core/targets/registry.ts';
import type { ScaleName } from '#core/targets/scale.ts';
import type { Numbers } from './numbers.ts';

/** Metrics of a forecast number and of a forecast side, in the order in which people look at them. */
const ofNumbers = ['rmse', 'mae', 'r2', 'sd_ratio', 'ic'];
const ofSides = ['da', 'f1', 'n', 'n_eff', 'excluded', 'log_loss', 'brier'];

type NamedTask = Pick<Task, 'name' | 'kind'>;

/** The task whose metrics stand without a task name, of each kind of metric; −1 where there is none. */
export function headlineTasks(tasks: readonly NamedTask[]): { readonly numbers: number; readonly sides: number } {
  const first = (scale: ScaleName) => tasks.findIndex(({ kind }) => targetOf(kind).scale.name === scale);
  const numbers = first('value');
  const binary = first('binary');
  return { numbers, sides: binary < 0 ? numbers : binary };
}

/**
 * Joins the metrics of all tasks under the names of FORMATS.md#metric-names: `<task>.<metric>` for each, and without a
 * task name the direction metrics of the first task with binary labels (else of the sign of the first return) and the
 * regression metrics of the first return; ends of an interval stand behind their metric.
 */
export function nameMetrics(tasks: readonly NamedTask[], scores: readonly Numbers[]): Record<string, number> {
  const out: Record<string, number> = {};
  const first = headlineTasks(tasks);
  const take = (task: number, names: readonly string[]) => {
    for (const name of names.flatMap((metric) => [metric, `${metric}_low`, `${metric}_high`])) {
      const value = scores[task]?.[name];
      if (value !== undefined) out[name] = value;
    }
  };
  take(first.numbers, ofNumbers);
  take(first.sides, ofSides);
  tasks.forEach((task, t) => {
    for (const [name, value] of Object.entries(scores[t])) out[`${task.name}.${name}`] = value;
  });
  return out;
}

import type { Bars } from '#core/bars/bars.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { computeLabels } from './labels.ts';
import type { Task } from './dataset.ts';

/** Labels of every task in target units, in the order of the configuration. */
export function rawTasks(bars: Bars, targets: TargetsConfig): readonly Pick<Task, 'name' | 'kind' | 'raw'>[] {
  return Object.entries(targets.tasks).map(([name, { kind }]) => ({
    name,
    kind,
    raw: computeLabels(bars, targets.horizon, kind),
  }));
}

/** Standardises a return by mean and deviation of its train labels; a direction stays 0 or 1. */
export function fitTask({ name, kind, raw }: Pick<Task, 'name' | 'kind' | 'raw'>, train: Int32Array): Task {
  const { mean, sd } = kind === 'return' ? moments(raw, train) : { mean: 0, sd: 1 };
  const labels = Float32Array.from(raw, (value) => (Number.isNaN(value) ? 0 : (value - mean) / sd));
  return { name, kind, raw, labels, mean, sd };
}

function moments(values: Float64Array, rows: Int32Array): { readonly mean: number; readonly sd: number } {
  let sum = 0;
  for (const row of rows) sum += values[row];
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (values[row] - mean) ** 2;
  const sd = Math.sqrt(squares / rows.length);
  // A market that never moved has nothing to standardise by.
  return { mean, sd: sd > 0 ? sd : 1 };
}

import type { Bars } from '#core/bars/bars.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { targetOf } from '#core/targets/registry.ts';
import type { Task } from './dataset.ts';

/** Labels of every task in target units, in the order of the configuration. */
export function rawTasks(bars: Bars, targets: TargetsConfig): readonly Pick<Task, 'name' | 'kind' | 'raw'>[] {
  return Object.entries(targets.tasks).map(([name, { kind }]) => ({
    name,
    kind,
    raw: targetOf(kind).labels(bars, targets.horizon),
  }));
}

/** Standardises labels as their scale wants it: a return by mean and deviation of its train labels, a direction not at all. */
export function fitTask({ name, kind, raw }: Pick<Task, 'name' | 'kind' | 'raw'>, train: Int32Array): Task {
  const { mean, sd } = targetOf(kind).scale.fit(raw, train);
  const labels = Float32Array.from(raw, (value) => (Number.isNaN(value) ? 0 : (value - mean) / sd));
  return { name, kind, raw, labels, mean, sd };
}

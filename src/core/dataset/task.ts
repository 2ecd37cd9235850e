import type { Bars } from '#core/bars/bars.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { targetOf, targets } from '#core/targets/registry.ts';
import type { Target } from '#core/targets/target.ts';
import { shareUp } from '#core/targets/share-up.ts';
import type { Dataset, DatasetReport, Task } from './dataset.ts';

/** A task before its labels are standardised. */
export type RawTask = Pick<Task, 'name' | 'kind' | 'raw'>;

/** What comes of each row, by the function that measures it; each once, in the order of the registry. */
export type Outcomes = ReadonlyMap<Target['outcome'], Float64Array>;

export function measureOutcomes(bars: Bars, { tasks, horizon }: TargetsConfig): Outcomes {
  const kinds = new Set(Object.values(tasks).map(({ kind }) => kind));
  const measures = targets.filter(({ kind }) => kinds.has(kind)).map(({ outcome }) => outcome);
  return new Map([...new Set(measures)].map((measure) => [measure, measure(bars, horizon)]));
}

/** Labels of every task in target units, in the order of the configuration. */
export function rawTasks(outcomes: Outcomes, { tasks }: TargetsConfig): readonly RawTask[] {
  return Object.entries(tasks).map(([name, { kind }]) => {
    const { outcome, labels } = targetOf(kind);
    return { name, kind, raw: labels(outcomes.get(outcome)!) };
  });
}

/** Standardises labels as their scale wants it: a return by mean and deviation of its train labels, a direction not at all. */
export function fitTask({ name, kind, raw }: RawTask, train: Int32Array): Task {
  const { mean, sd } = targetOf(kind).scale.fit(raw, train);
  const labels = Float32Array.from(raw, (value) => (Number.isNaN(value) ? 0 : (value - mean) / sd));
  return { name, kind, raw, labels, mean, sd };
}

/** Share of positive labels of each task that has binary ones, in the splits that are not sealed. */
export function balanceOf(
  tasks: readonly RawTask[],
  { train, validation }: Dataset['samples'],
): DatasetReport['balance'] {
  const binary = tasks.filter(({ kind }) => targetOf(kind).scale.name === 'binary');
  const share = ({ kind, raw }: RawTask, rows: Int32Array) => shareUp(raw, rows, targetOf(kind).scale.middle);
  return Object.fromEntries(
    binary.map((task) => [task.name, { train: share(task, train), validation: share(task, validation) }]),
  );
}

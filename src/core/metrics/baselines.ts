import type { Dataset, SplitName, Task } from '#core/dataset/dataset.ts';
import { targetOf } from '#core/targets/registry.ts';
import { shareUp } from '#core/targets/share-up.ts';
import { type Numbers, labelsAt, nameMetrics, scoreTask } from './task-score.ts';

/** A forecast that needs no model. */
interface Baseline {
  /** The metrics it may be judged by: a baseline that only names a side has no error in units and no probability. */
  readonly metrics: readonly string[];
  /** What it says of a task at a row, in target units. */
  forecast(task: Task, dataset: Dataset): (row: number) => number;
}

const baselines: Readonly<Record<string, Baseline>> = {
  /** No return. */
  zero: {
    metrics: ['rmse', 'mae', 'r2'],
    forecast: ({ kind }) => always(targetOf(kind).fromReturn(0)),
  },
  /** The mean return, or the share of "up", of the train labels. */
  train_mean: {
    metrics: ['rmse', 'mae', 'r2', 'da', 'f1', 'log_loss', 'brier'],
    forecast: (task, { samples }) => always(targetOf(task.kind).scale.constant(task.raw, samples.train, task)),
  },
  /** The commoner direction of the train labels. */
  majority: {
    metrics: ['da', 'f1'],
    forecast: ({ kind, raw }, { samples }) => {
      const { scale, fromReturn } = targetOf(kind);
      return always(fromReturn(shareUp(raw, samples.train, scale.middle) >= 0.5 ? 1 : -1));
    },
  },
  /** The return of the last `horizon` bars comes again; 0 where there are fewer bars before the row. */
  persistence: {
    metrics: ['rmse', 'mae', 'r2', 'da', 'f1'],
    forecast: ({ kind }, { close, horizon }) => {
      const past = (row: number) => (row >= horizon ? Math.log(close[row] / close[row - horizon]) : 0);
      const { fromReturn } = targetOf(kind);
      return (row) => fromReturn(past(row));
    },
  },
};

function always(value: number): () => number {
  return () => value;
}

/** Scores of every baseline on the rows of a split, by name; a metric that does not apply is absent. */
export function scoreBaselines(dataset: Dataset, split: SplitName): Readonly<Record<string, Numbers>> {
  const rows = dataset.samples[split];
  const scored = Object.entries(baselines).map(([name, baseline]) => {
    const scores = dataset.tasks.map((task) => {
      const predicted = Float64Array.from(rows, baseline.forecast(task, dataset));
      const score = scoreTask(task, predicted, labelsAt(task, rows), dataset.horizon);
      const kept = Object.entries(score).filter(
        ([key, value]) => baseline.metrics.includes(key) && Number.isFinite(value),
      );
      return Object.fromEntries(kept);
    });
    return [name, nameMetrics(dataset.tasks, scores)];
  });
  return Object.fromEntries(scored);
}

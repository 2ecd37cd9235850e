import type { Dataset, SplitName, Task } from '#core/dataset/dataset.ts';
import { type Numbers, labelsAt, nameMetrics, scoreTask } from './task-score.ts';

/** A forecast that needs no model. */
interface Baseline {
  /** The metrics it may be judged by: one that names a side has no error in units, and no probability. */
  readonly metrics: readonly string[];
  /** What it says of a task: at a row a return (or its sign), or the probability of "up"; null = nothing. */
  forecast(task: Task, dataset: Dataset): ((row: number) => number) | null;
}

const baselines: Readonly<Record<string, Baseline>> = {
  /** No return. */
  zero: {
    metrics: ['rmse', 'mae', 'r2'],
    forecast: (task) => (task.kind === 'return' ? () => 0 : null),
  },
  /** The mean return, or the share of "up", of the train labels. */
  train_mean: {
    metrics: ['rmse', 'mae', 'r2', 'da', 'f1', 'log_loss', 'brier'],
    forecast: (task, { samples }) => {
      const mean = task.kind === 'return' ? task.mean : shareUp(task, samples.train);
      return () => mean;
    },
  },
  /** The commoner direction of the train labels. */
  majority: {
    metrics: ['da', 'f1'],
    forecast: (task, { samples }) => {
      const up = shareUp(task, samples.train) >= 0.5;
      const side = task.kind === 'return' ? (up ? 1 : -1) : up ? 1 : 0;
      return () => side;
    },
  },
  /** The return of the last `horizon` bars comes again; 0 where there are fewer bars before the row. */
  persistence: {
    metrics: ['rmse', 'mae', 'r2', 'da', 'f1'],
    forecast: (task, { close, horizon }) => {
      const past = (row: number) => (row >= horizon ? Math.log(close[row] / close[row - horizon]) : 0);
      return task.kind === 'return' ? past : (row) => (1 + Math.sign(past(row))) / 2;
    },
  },
};

/** Scores of every baseline on the rows of a split, by name; a metric that does not apply is absent. */
export function scoreBaselines(dataset: Dataset, split: SplitName): Readonly<Record<string, Numbers>> {
  const rows = dataset.samples[split];
  const scored = Object.entries(baselines).map(([name, baseline]) => {
    const scores = dataset.tasks.map((task) => {
      const says = baseline.forecast(task, dataset);
      if (!says) return null;
      const score = scoreTask(task, Float64Array.from(rows, says), labelsAt(task, rows), dataset.horizon);
      const kept = Object.entries(score).filter(
        ([key, value]) => baseline.metrics.includes(key) && Number.isFinite(value),
      );
      return Object.fromEntries(kept);
    });
    return [name, nameMetrics(dataset.tasks, scores)];
  });
  return Object.fromEntries(scored);
}

/** Share of "up" among the decided labels of the rows: above zero for a return, 1 for a direction; 0.5 if none. */
function shareUp(task: Task, rows: Int32Array): number {
  const middle = task.kind === 'return' ? 0 : 0.5;
  let up = 0;
  let down = 0;
  for (const row of rows) {
    if (task.raw[row] > middle) up++;
    else if (task.raw[row] < middle) down++;
  }
  return up + down > 0 ? up / (up + down) : 0.5;
}

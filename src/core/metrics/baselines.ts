import type { Dataset, Task } from '#core/dataset/dataset.ts';
import { targetOf } from '#core/targets/registry.ts';
import { shareUp } from '#core/targets/share-up.ts';
import { coinScore } from './direction-score.ts';
import { termOf } from './glossary.ts';
import { laggedReturns } from './lagged-returns.ts';
import type { Numbers } from './numbers.ts';
import { fitRidge } from './ridge.ts';
import { columnOf } from './score-parts.ts';
import { seasonalReturn } from './seasonal.ts';
import { type ScoredRows, scoreRows, withLabel } from './scored-rows.ts';

/** What a baseline says of a task at rows, in target units. */
type Forecast = (task: Task, dataset: Dataset, rows: Int32Array) => Float64Array;

/** A forecast that needs no model. */
interface Baseline {
  /** The metrics it may be judged by: a baseline that only names a side has no error in units and no probability. */
  readonly metrics: readonly string[];
  readonly forecast: Forecast;
}

const sides = ['da', 'f1'];
const returns = ['rmse', 'mae', 'r2', 'ic', ...sides];

/** One-bar returns that the ridge regression sees, and what it is held back by (METRICS.md#baselines). */
const lags = 24;
const penalty = 100;

const baselines: Readonly<Record<string, Baseline>> = {
  /** No return. */
  zero: {
    metrics: ['rmse', 'mae', 'r2'],
    forecast: ({ kind }, _dataset, rows) => constant(rows, targetOf(kind).fromReturn(0)),
  },
  /** The commoner direction of the train labels. */
  majority: {
    metrics: sides,
    forecast: (task, dataset, rows) => constant(rows, targetOf(task.kind).fromReturn(majoritySide(task, dataset))),
  },
  /** The mean return, or the share of "up", of the train labels. */
  train_mean: {
    metrics: ['rmse', 'mae', 'r2', ...sides, 'log_loss', 'brier'],
    forecast: (task, { samples }, rows) =>
      constant(rows, targetOf(task.kind).scale.constant(task.raw, samples.train, task)),
  },
  /** The return of the last `horizon` bars comes again. */
  persistence: { metrics: returns, forecast: fromReturns((dataset) => pastReturn(dataset)) },
  /** The return of the last `horizon` bars is undone. */
  contrarian: {
    metrics: returns,
    forecast: fromReturns((dataset) => {
      const past = pastReturn(dataset);
      return (row) => -past(row);
    }),
  },
  /** The return that followed the same bar a day or a week before. */
  seasonal: { metrics: returns, forecast: fromReturns(seasonalReturn) },
  /** A linear regression of the task's labels on the last returns, fitted on the train rows. */
  ridge: {
    metrics: [...returns, 'log_loss', 'brier'],
    forecast: (task, { close, samples }, rows) => {
      const train = withLabel(task, samples.train);
      const labels = columnOf(train.length, (i) => task.raw[train[i]]);
      const line = fitRidge(laggedReturns(close, train, lags), labels, lags, penalty);
      const inputs = laggedReturns(close, rows, lags);
      const { scale } = targetOf(task.kind);
      return columnOf(rows.length, (i) => scale.confine(line.predict(inputs, i * lags)));
    },
  },
};

function constant(rows: Int32Array, value: number): Float64Array {
  return new Float64Array(rows.length).fill(value);
}

function fromReturns(returnsOf: (dataset: Dataset) => (row: number) => number): Forecast {
  return ({ kind }, dataset, rows) => {
    const returnAt = returnsOf(dataset);
    const { fromReturn } = targetOf(kind);
    return columnOf(rows.length, (i) => fromReturn(returnAt(rows[i])));
  };
}

/** 0 where there are fewer bars before the row. */
function pastReturn({ close, horizon }: Dataset): (row: number) => number {
  return (row) => (row >= horizon ? Math.log(close[row] / close[row - horizon]) : 0);
}

/** 1 where the labels of the train rows are up at least as often as down, else −1. */
export function majoritySide({ kind, raw }: Task, { samples }: Dataset): 1 | -1 {
  return shareUp(raw, samples.train, targetOf(kind).scale.middle) >= 0.5 ? 1 : -1;
}

/** A baseline on the scored rows of a task; a metric that does not apply is absent. */
export interface ScoredBaseline {
  readonly scores: Numbers;
  /** What it says at each row, in target units; null of the coin, which is scored by what it gets on average. */
  readonly forecast: Float64Array | null;
}

/** Every baseline, by name, on the rows of a task that are scored. */
export function scoreBaselines(
  task: Task,
  dataset: Dataset,
  rows: ScoredRows,
): Readonly<Record<string, ScoredBaseline>> {
  const scored = Object.entries(baselines).map(([name, { metrics, forecast }]) => {
    const said = forecast(task, dataset, rows.rows);
    const kept = Object.entries(scoreRows(task, said, rows, dataset.horizon)).filter(
      ([metric, value]) => metrics.includes(metric) && Number.isFinite(value),
    );
    return [name, { scores: Object.fromEntries(kept), forecast: said }] as const;
  });
  const up = shareUp(task.raw, rows.rows, targetOf(task.kind).scale.middle);
  return { ...Object.fromEntries(scored), coin: { scores: coinScore(up), forecast: null } };
}

/** The baseline that does best by a metric, the first of equals; undefined where none is scored by it. */
export function bestBaseline(
  baselines: Readonly<Record<string, ScoredBaseline>>,
  metric: 'da' | 'rmse',
): (ScoredBaseline & { readonly name: string }) | undefined {
  const sign = termOf(metric)?.better === 'higher' ? -1 : 1;
  return Object.entries(baselines)
    .map(([name, baseline]) => ({ name, ...baseline }))
    .filter(({ scores }) => Number.isFinite(scores[metric]))
    .sort((a, b) => sign * (a.scores[metric] - b.scores[metric]))
    .at(0);
}

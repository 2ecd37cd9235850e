import type { Dataset, SplitName, Task } from '#core/dataset/dataset.ts';
import type { Confusion, Edge, Reliability, ResultCheck } from '#core/run/result.ts';
import { targetOf } from '#core/targets/registry.ts';
import { majoritySide, type ScoredBaseline, scoreBaselines } from './baselines.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { countSides } from './direction-score.ts';
import { edgeOf } from './edge.ts';
import { headlineTasks, nameMetrics } from './metric-names.ts';
import type { Numbers } from './numbers.ts';
import { reliabilityOf } from './reliability.ts';
import { checkNumbers, checkSides } from './result-checks.ts';
import { partsOf, type ScoredRows, scoreRows, signsOf, takeScored } from './scored-rows.ts';

/** Forecasts of a split: an array a task, in the order of `dataset.tasks`; one value a sample, in their order. */
interface Predictions {
  readonly dataset: Dataset;
  readonly split: SplitName;
  /** Returns in target units (log return, not standardised), or probabilities of "up" in 0 … 1. */
  readonly predictions: readonly Float64Array[];
}

interface Score {
  /**
   * Named as in FORMATS.md#metric-names, without the split: `da`, `da_low`, `f1`, `rmse`, `ret.mae`, …; NaN where not
   * defined. An interval that is not defined is absent.
   */
  readonly metrics: Record<string, number>;
  /** Every baseline on the same rows; metrics that do not apply are absent. */
  readonly baselines: Readonly<Record<string, Numbers>>;
  readonly checks: readonly ResultCheck[];
  readonly edge: Edge | undefined;
  /** By task. */
  readonly confusion: Record<string, Confusion>;
  /** By task that forecasts a probability. */
  readonly reliability: Record<string, Reliability>;
}

/** One task's forecasts on the rows that it is scored on. */
interface TaskForecast {
  readonly task: Task;
  readonly rows: ScoredRows;
  readonly predicted: Float64Array;
}

/** Intervals that are exact, and hence not resampled; and what is no score. */
const notResampled = new Set(['da', 'n', 'sd_ratio']);

/** Metrics alone, for each epoch. Throws where the predictions are not one a task and sample. */
export function scoreMetrics(input: Predictions): Record<string, number> {
  const scores = takeForecasts(input).map(({ task, rows, predicted }) =>
    scoreRows(task, predicted, rows, input.dataset.horizon),
  );
  return nameMetrics(input.dataset.tasks, scores);
}

/**
 * Metrics of a forecast with their intervals, the baselines beside them and the checks of its honesty (METRICS.md).
 *
 * @example
 * const dataset = assembleDataset(sampleMarket({ bars: 5000 }), defaultConfig());
 * const predictions = dataset.tasks.map((task) => Float64Array.from(dataset.samples.test, (row) => task.raw[row]));
 * const { metrics, checks } = scorePredictions({ dataset, split: 'test', predictions });
 * metrics.da; // 1, so the first check is called "suspected leak"
 */
export function scorePredictions(input: Predictions): Score {
  const { dataset } = input;
  const { tasks, horizon } = dataset;
  const meanBlock = Math.max(horizon, 20);
  const forecasts = takeForecasts(input);
  const scores = forecasts.map((forecast) => withIntervals(forecast, horizon, meanBlock));
  const scored = forecasts.map(({ task, rows }) => scoreBaselines(task, dataset, rows));
  const baselines = nameBaselines(tasks, scored);
  const first = headlineTasks(tasks);
  const ofSides = forecasts[first.sides];
  return {
    metrics: nameMetrics(tasks, scores),
    baselines,
    checks: [
      ...checkSides({
        ...ofSides,
        scores: scores[first.sides],
        baselines: scored[first.sides],
        majority: majoritySide(ofSides.task, dataset),
      }),
      ...(first.numbers < 0
        ? []
        : checkNumbers({
            predicted: forecasts[first.numbers].predicted,
            actual: forecasts[first.numbers].rows.actual,
            scores: scores[first.numbers],
            baselines: scored[first.numbers],
            horizon,
          })),
    ],
    edge: edgeOf(ofSides.task, ofSides.predicted, ofSides.rows, scored[first.sides], meanBlock),
    confusion: Object.fromEntries(forecasts.map((forecast) => [forecast.task.name, confusionOf(forecast)])),
    reliability: Object.fromEntries(
      forecasts
        .filter(({ task }) => targetOf(task.kind).scale.name === 'binary')
        .map(({ task, rows, predicted }) => [task.name, reliabilityOf(predicted, rows.actual, horizon)]),
    ),
  };
}

function takeForecasts({ dataset, split, predictions }: Predictions): readonly TaskForecast[] {
  const samples = dataset.samples[split];
  return dataset.tasks.map((task, t) => {
    const forecasts = predictions[t];
    if (forecasts?.length !== samples.length) {
      throw new Error(
        `Expected ${samples.length} predictions of ${task.name}, received ${forecasts?.length ?? 'none'}.`,
      );
    }
    return { task, ...takeScored(task, samples, forecasts) };
  });
}

function withIntervals({ task, predicted, rows }: TaskForecast, horizon: number, meanBlock: number): Numbers {
  const { columns, scores } = partsOf(task, predicted, rows);
  const intervals = bootstrapIntervals(columns, scores, { meanBlock });
  const ends = Object.entries(intervals)
    .filter(([name]) => !notResampled.has(name))
    .flatMap(([name, [low, high]]) => [
      [`${name}_low`, low],
      [`${name}_high`, high],
    ]);
  return { ...scoreRows(task, predicted, rows, horizon), ...Object.fromEntries(ends) };
}

function confusionOf({ task, predicted, rows }: TaskForecast): Confusion {
  return countSides(signsOf(task, predicted), signsOf(task, rows.actual));
}

function nameBaselines(
  tasks: readonly Task[],
  scored: readonly Readonly<Record<string, ScoredBaseline>>[],
): Readonly<Record<string, Numbers>> {
  const names = Object.keys(scored[0]);
  return Object.fromEntries(
    names.map((name) => [
      name,
      nameMetrics(
        tasks,
        scored.map((baselines) => baselines[name].scores),
      ),
    ]),
  );
}

import type { Dataset, SplitName } from '#core/dataset/dataset.ts';
import { scoreBaselines } from './baselines.ts';
import { type Check, checkScores } from './result-checks.ts';
import { type Numbers, labelsAt, nameMetrics, scoreTask } from './task-score.ts';

/** Forecasts of a split: an array a task, in the order of `dataset.tasks`; one value a sample, in their order. */
interface Predictions {
  readonly dataset: Dataset;
  readonly split: SplitName;
  /** Returns in target units (log return, not standardised), or probabilities of "up" in 0 … 1. */
  readonly predictions: readonly Float64Array[];
}

interface Score {
  /**
   * Named as in FORMATS.md#metric-names, without the split: `da`, `f1`, `rmse`, `ret.mae`, …; NaN where not defined.
   */
  readonly metrics: Record<string, number>;
  /** `zero`, `train_mean`, `majority`, `persistence` on the same rows; metrics that do not apply are absent. */
  readonly baselines: Readonly<Record<string, Numbers>>;
  readonly checks: readonly Check[];
}

/** Metrics alone, for each epoch. Throws where the predictions are not one a task and sample. */
export function scoreMetrics({ dataset, split, predictions }: Predictions): Record<string, number> {
  const rows = dataset.samples[split];
  const scores = dataset.tasks.map((task, t) => {
    const predicted = predictions[t];
    if (predicted?.length !== rows.length) {
      throw new Error(`Expected ${rows.length} predictions of ${task.name}, received ${predicted?.length ?? 'none'}.`);
    }
    return scoreTask(task, predicted, labelsAt(task, rows), dataset.horizon);
  });
  return nameMetrics(dataset.tasks, scores);
}

/**
 * Metrics of a forecast with the baselines beside them and the checks of its honesty.
 *
 * @example
 * const dataset = assembleDataset(sampleMarket({ bars: 5000 }), defaultConfig());
 * const predictions = dataset.tasks.map((task) => Float64Array.from(dataset.samples.test, (row) => task.raw[row]));
 * const { metrics, checks } = scorePredictions({ dataset, split: 'test', predictions });
 * metrics.da; // 1, so the check "suspected leak" fails
 */
export function scorePredictions(input: Predictions): Score {
  const metrics = scoreMetrics(input);
  const baselines = scoreBaselines(input.dataset, input.split);
  return { metrics, baselines, checks: checkScores(metrics, baselines) };
}

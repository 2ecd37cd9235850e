import type { Bars } from '#core/bars/bars.ts';
import type { Boundaries } from '#core/bars/boundaries.ts';
import type { Config } from '#core/config/config.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import type { Dataset, Task } from '#core/dataset/dataset.ts';
import { measureOutcomes, rawTasks } from '#core/dataset/task.ts';
import { computeFeatures, type FeatureMatrix } from '#core/features/matrix.ts';

/** The way from bars to what a model is trained on, in the parts that can leak. Each part is pure. */
export interface Pipeline {
  /** Unscaled features of each row; `warmup` in bars says how far back they reach. */
  features(bars: Bars): Pick<FeatureMatrix, 'names' | 'columns' | 'warmup'>;
  /** Labels of each row in target units, a task each. */
  labels(bars: Bars): readonly Pick<Task, 'name' | 'raw'>[];
  /** @param boundaries where splits begin; those of the configuration unless the bars are only a part. */
  dataset(bars: Bars, boundaries?: Boundaries): Dataset;
}

/** The pipeline of every run. */
export function runPipeline(config: Config): Pipeline {
  return {
    features: (bars) => computeFeatures(bars, config.features, { timezone: config.data.timezone }),
    labels: (bars) => rawTasks(measureOutcomes(bars, config.targets), config.targets),
    dataset: (bars, boundaries) => assembleDataset(bars, config, boundaries),
  };
}

import type { Speed } from '#core/api/cell-answers.ts';
import type { SplitName } from '#core/dataset/dataset.ts';
import type { TrainConfig } from '#core/config/train.ts';

/** What a training comes to at most: early stopping may end it sooner. */
interface Duration {
  readonly seconds: number;
  readonly epochs: number;
  /** Steps of all epochs. */
  readonly steps: number;
}

/**
 * How long a training takes at the speed that was measured: opening the engine, all epochs with the scoring of validation
 * after each, and the scoring of the best checkpoint on validation and test at the end.
 *
 * @param samples windows of each split
 */
export function trainingDuration(
  { epochs, batch_size }: Pick<TrainConfig, 'epochs' | 'batch_size'>,
  samples: Readonly<Record<SplitName, number>>,
  {
    samplesPerSecond,
    scoredPerSecond,
    openSeconds,
  }: Pick<Speed, 'samplesPerSecond' | 'scoredPerSecond' | 'openSeconds'>,
): Duration {
  const size = Math.max(1, Math.min(batch_size, samples.train));
  const stepsPerEpoch = Math.floor(samples.train / size);
  const epoch = (stepsPerEpoch * size) / samplesPerSecond + samples.validation / scoredPerSecond;
  const end = (samples.validation + samples.test) / scoredPerSecond;
  return { seconds: openSeconds + epochs * epoch + end, epochs, steps: epochs * stepsPerEpoch };
}

import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { requireSameArrays } from './data/named-array.ts';
import type { Reading } from './meter.ts';
import type { Model } from './models/model.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { NamedArray } from './data/named-array.ts';
import type { TrainingState } from './training-state.ts';

/** Throws `split_too_small` unless there is something to train on and something to score. */
export function requireSamples({ samples }: Dataset): void {
  for (const split of ['train', 'validation'] as const) {
    if (samples[split].length > 0) continue;
    throw new AppError(
      'split_too_small',
      `The ${split} split has no sample; training needs at least one. Raise data.split.${split}, shorten the lookback, or use more data.`,
    );
  }
}

/** Throws `checkpoint_damaged` or `state_conflict` where what training starts from is of another model, optimizer or seed. */
export function requireFittingStart(
  { resume, initial }: { readonly resume?: TrainingState; readonly initial?: readonly NamedArray[] },
  seed: number,
  model: Model,
  optimizer: Optimizer,
): void {
  if (resume !== undefined) {
    requireSameArrays('weights', resume.weights, model.parameters);
    requireSameArrays('optimizer slots', resume.slots, optimizer.slots);
    requireSameSeed(resume.seed, seed);
  } else if (initial !== undefined) {
    requireSameArrays('weights', initial, model.parameters);
  }
}

/** Throws `state_conflict`: another seed would go on with other batches and masks than the run had. */
function requireSameSeed(received: number, expected: number): void {
  if (received === expected) return;
  throw new AppError(
    'state_conflict',
    `The checkpoint is of a run with train.seed ${received}, this run has ${expected}. Resume with the seed it was made with, or fork.`,
  );
}

/** The value of the metric that chooses the best checkpoint; throws `invalid_config` where no validation gives it. */
export function requireMetric(values: Readonly<Record<string, number>>, name: string): number {
  if (name in values) return values[name];
  throw new AppError(
    'invalid_config',
    `train.select.metric is ${name}, which no validation gives. Choose one of ${Object.keys(values).join(', ')}.`,
    { issues: [{ path: 'train.select.metric', message: `expected one of ${Object.keys(values).join(', ')}` }] },
  );
}

/** Throws `non_finite_loss`. `step` is the last of those read, from 1. */
export function requireFinite(reading: Reading, step: number, learningRate: number): void {
  if (Number.isFinite(reading.loss) && Number.isFinite(reading.norm)) return;
  const what = Number.isFinite(reading.loss) ? `The gradient norm is ${reading.norm}` : `The loss is ${reading.loss}`;
  const where = reading.steps === 1 ? `at step ${step}` : `between steps ${step - reading.steps + 1} and ${step}`;
  throw new AppError(
    'non_finite_loss',
    `${what} ${where}; a finite number was expected. Lower train.optimizer.learning_rate (now ${learningRate}), set ` +
      'train.clip_norm to 1 or less, or use the huber loss. Checkpoints written before are unharmed.',
  );
}

/** Throws `non_finite_loss`. `epoch` from 1. */
export function requireFiniteValidation(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new AppError(
    'non_finite_loss',
    `The validation loss is ${loss} after epoch ${epoch}; a finite number was expected. Lower ` +
      'train.optimizer.learning_rate, or look at the validation data. Checkpoints written before are unharmed.',
  );
}

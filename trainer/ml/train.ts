import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { openSchedule } from '#core/schedules/schedule.ts';
import { disposeBatch, openBatches } from './data/batches.ts';
import { cutArrays, joinArrays, unflatten } from './data/flat.ts';
import { requireSameArrays } from './data/named-array.ts';
import { buildLosses } from './losses/build.ts';
import { Meter } from './meter.ts';
import { buildModel, initialWeights } from './models/build.ts';
import { trainingDropout } from './models/dropout.ts';
import { countParameters, type Model } from './models/model.ts';
import { buildOptimizer } from './optimizers/build.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { openStream, permutation } from '#trainer/engines/random/random.ts';
import { Stopwatch } from './stopwatch.ts';
import { disposeVariables, emptySlots, trainStep, type Variables } from './step.ts';
import { StepTimes } from './step-times.ts';
import type { NamedArray, TrainingHooks, TrainingOutcome, TrainingState } from './training-state.ts';
import {
  requireFinite,
  requireFiniteValidation,
  requireMetric,
  requireSamples,
  requireSameSeed,
} from './training-requirements.ts';
import { validate } from './validate.ts';

export interface TrainingRequest {
  readonly dataset: Dataset;
  readonly config: Pick<Config, 'model' | 'loss' | 'train'>;
  /** Go on from here, as if training had never stopped. */
  readonly resume?: TrainingState;
  /** Start from these weights, with a new optimizer, instead of random ones (a fork from a checkpoint). */
  readonly initial?: readonly NamedArray[];
  readonly hooks: TrainingHooks;
  /** Waits until the engine has done what it was given, where it queues without bound. */
  readonly backPressure?: (() => Promise<void>) | undefined;
  /** Milliseconds, monotonic. Only reports depend on it, never the weights. */
  readonly now?: () => number;
}

/** Milliseconds between two train metrics, and between two looks at what is wanted. */
const reportEvery = 250;
/** Steps that an engine may have in its queue before it is waited for. */
const stepsInQueue = 8;
/** Milliseconds between two looks at what is wanted, while paused. */
const pauseEvery = 100;

/**
 * Trains on the engine that is open (tfjs-core's backend). Each epoch goes through the train samples in a new order, in
 * full batches (the rest that fills none sits out this epoch), then scores the validation split, then hands over the
 * checkpoints `best` (if improved) and `last`. On `stop` it hands over `last` at the edge of the step; an epoch stopped
 * while it is scored is scored afresh when training goes on.
 *
 * Order, dropout and starting weights are functions of (seed, epoch, step), so one seed on one engine gives one result, bit
 * for bit, wherever the run was interrupted. Throws `non_finite_loss`, `split_too_small`, `invalid_config` (unknown
 * `train.select.metric`), `checkpoint_damaged` (state of another model), `state_conflict` (state of another seed).
 */
export async function trainModel(request: TrainingRequest): Promise<TrainingOutcome> {
  const { dataset, config, resume, hooks, now = () => performance.now() } = request;
  const { train } = config;
  const { tasks, samples, lookback, names } = dataset;
  requireSamples(dataset);
  const model = buildModel(config.model, { lookback, features: names.length, outputs: tasks.length });
  const losses = buildLosses(config.loss, tasks);
  const optimizer = buildOptimizer(train.optimizer, model.parameters);
  const batches = openBatches(dataset);
  const size = Math.min(train.batch_size, samples.train.length);
  const stepsPerEpoch = Math.floor(samples.train.length / size);
  const steps = train.epochs * stepsPerEpoch;
  const learningRate = openSchedule(train.schedule, train.optimizer.learning_rate, steps);
  const patience = train.early_stopping?.patience ?? Infinity;

  if (resume !== undefined) {
    requireSameArrays('weights', resume.weights, model.parameters);
    requireSameArrays('optimizer slots', resume.slots, optimizer.slots);
    requireSameSeed(resume.seed, train.seed);
  } else if (request.initial !== undefined) {
    requireSameArrays('weights', request.initial, model.parameters);
  }
  logStart(hooks, model, config, samples.train.length, stepsPerEpoch, size);

  const watch = new Stopwatch(now);
  const meter = new Meter();
  const firstStep = resume?.step ?? 0;
  const times = new StepTimes(now);
  let variables = openVariables(
    resume?.weights ?? request.initial ?? initialWeights(model, train.seed),
    resume?.slots,
    optimizer,
  );
  let { epoch, step, best, stale }: Pick<TrainingState, 'epoch' | 'step' | 'best' | 'stale'> = resume ?? {
    epoch: 0,
    step: 0,
    best: null,
    stale: 0,
  };
  let selected = { name: train.select.metric, value: NaN };
  let rate = 0;
  let reported = { at: now(), seconds: watch.seconds };
  const restartClock = () => void (reported = { at: now(), seconds: watch.seconds });

  const takeState = async (): Promise<TrainingState> => ({
    epoch,
    step,
    seed: train.seed,
    ...(await readVariables(variables, model, optimizer)),
    best,
    stale,
    elapsed: (resume?.elapsed ?? 0) + watch.seconds,
  });

  const tellProgress = (etaSeconds: number): void => {
    const at = Math.min(train.epochs, Math.floor((step - 1) / stepsPerEpoch) + 1);
    hooks.progress({ epoch: at, epochs: train.epochs, step, steps, samplesPerSecond: rate, etaSeconds });
  };

  const report = async (): Promise<void> => {
    const reading = await times.follow('logging', () => meter.read());
    if (reading === null) return;
    const seconds = watch.seconds;
    rate = (reading.steps * size) / Math.max(1e-9, seconds - reported.seconds);
    const values: Record<string, number> = {
      'train.loss': reading.loss,
      lr: learningRate(step),
      grad_norm: reading.norm,
    };
    if (tasks.length > 1) tasks.forEach(({ name }, k) => (values[`train.${name}.loss`] = reading.tasks[k]));
    values['time.step'] = (1000 * (seconds - reported.seconds)) / reading.steps;
    Object.assign(values, times.read(reading.steps));
    times.measure('logging', () => hooks.metric(step, step / stepsPerEpoch, values));
    requireFinite(reading, step, train.optimizer.learning_rate);
    tellProgress(((steps - step) * seconds) / Math.max(1, step - firstStep));
    restartClock();
  };

  /** Does what is wanted of a living run; true where it is to end here. */
  const obey = async (): Promise<boolean> => {
    // Timers and signals of the process get their turn here.
    await turn();
    let { want, checkpoint } = hooks.control();
    if (checkpoint !== null) await hooks.checkpoint(checkpoint, await takeState(), selected);
    if (want === 'pause') {
      hooks.paused(true);
      await watch.exclude(async () => {
        while (want === 'pause') {
          await sleep(pauseEvery);
          ({ want, checkpoint } = hooks.control());
          if (checkpoint !== null) await hooks.checkpoint(checkpoint, await takeState(), selected);
        }
      });
      hooks.paused(false);
      restartClock();
    }
    return want === 'stop';
  };

  const finish = async (end: TrainingOutcome['end'], reason: string): Promise<TrainingOutcome> => ({
    end,
    reason,
    state: await takeState(),
  });
  const stop = async (): Promise<TrainingOutcome> => {
    await report();
    const outcome = await finish('stopped', `stopped at step ${step} of ${steps}`);
    await hooks.checkpoint('last', outcome.state, selected);
    return outcome;
  };

  try {
    while (epoch < train.epochs && stale < patience) {
      const order = shuffled(samples.train, train.seed, epoch);
      for (let b = step - epoch * stepsPerEpoch; b < stepsPerEpoch; b++) {
        const batch = times.measure('data', () => batches.gather(order, b * size, size));
        const dropout = trainingDropout(config.model.dropout, train.seed, step);
        const input = { variables, batch, dropout, step: step + 1, learningRate: learningRate(step + 1), times };
        const next = trainStep(model, losses, optimizer, train.clip_norm, input);
        disposeVariables(variables);
        disposeBatch(batch);
        variables = next.variables;
        meter.add(next.report);
        step++;
        if (step % stepsInQueue === 0) await request.backPressure?.();
        const lastOfEpoch = b === stepsPerEpoch - 1;
        if (step === 1 || now() - reported.at >= reportEvery) {
          await report();
          // At an epoch's end the split is scored first, so that a stop between epochs loses nothing.
          if (!lastOfEpoch && (await obey())) return await stop();
        }
      }
      await report();
      const weights = tf.tidy(() => unflatten(variables.weights, model.parameters));
      const values = await validate(model, weights, batches, dataset, losses, obey).finally(() => tf.dispose(weights));
      if (values === null) return await stop();
      epoch++;
      hooks.metric(step, epoch, values);
      selected = { name: train.select.metric, value: requireMetric(values, train.select.metric) };
      requireFiniteValidation(values['val.loss'], epoch);
      const improved = isBetter(selected.value, best?.value, train.select.mode);
      best = improved ? { value: selected.value, epoch, step } : best;
      stale = improved ? 0 : stale + 1;
      if (stale >= patience) tellProgress(0);
      const state = await takeState();
      if (improved) await hooks.checkpoint('best', state, selected);
      await hooks.checkpoint('last', state, selected);
      if (epoch < train.epochs && stale < patience && (await obey())) {
        return { end: 'stopped', reason: `stopped after epoch ${epoch} of ${train.epochs}`, state };
      }
      // What scoring and saving took says nothing of the speed of training.
      restartClock();
    }
    if (epoch >= train.epochs) return await finish('completed', `all ${train.epochs} epochs`);
    return await finish(
      'completed',
      `early stopping: ${train.select.metric} has not improved for ${stale} epochs (best at epoch ${best?.epoch ?? 0})`,
    );
  } finally {
    disposeVariables(variables);
    batches.dispose();
    optimizer.dispose();
    meter.dispose();
  }
}

/** Weights and slots on the engine; slots of zero where there are none to go on from. */
function openVariables(
  from: readonly NamedArray[],
  held: readonly NamedArray[] | undefined,
  optimizer: Optimizer,
): Variables {
  const weights = joinArrays(from);
  if (held === undefined) return { weights: tf.tensor1d(weights), slots: emptySlots(optimizer, weights.length) };
  const slots = joinArrays(held);
  const slot = (kind: number): Float32Array => slots.slice(kind * weights.length, (kind + 1) * weights.length);
  return {
    weights: tf.tensor1d(weights),
    slots: Array.from({ length: optimizer.kinds }, (_, kind) => tf.tensor1d(slot(kind))),
  };
}

/** Copies weights and slots to the host, each flat buffer in one reading. */
async function readVariables(
  { weights, slots }: Variables,
  model: Model,
  optimizer: Optimizer,
): Promise<Pick<TrainingState, 'weights' | 'slots'>> {
  const count = model.parameters.length;
  const read = await Promise.all([weights, ...slots].map((flat) => flat.data<'float32'>()));
  return {
    weights: cutArrays(read[0], model.parameters),
    slots: read
      .slice(1)
      .flatMap((values, kind) => cutArrays(values, optimizer.slots.slice(kind * count, (kind + 1) * count))),
  };
}

/** The train samples in the order of an epoch. */
function shuffled(samples: Int32Array, seed: number, epoch: number): Int32Array {
  return permutation(openStream(seed, 'shuffle', epoch), samples.length).map((i) => samples[i]);
}

function isBetter(value: number, best: number | undefined, mode: 'min' | 'max'): boolean {
  // A metric may be undefined at first (a correlation with constant predictions); there is a best checkpoint all the same.
  if (best === undefined) return true;
  if (Number.isNaN(value)) return false;
  if (Number.isNaN(best)) return true;
  return mode === 'min' ? value < best : value > best;
}

function logStart(
  hooks: TrainingHooks,
  model: Model,
  { model: { architecture, variant } }: Pick<Config, 'model'>,
  windows: number,
  stepsPerEpoch: number,
  size: number,
): void {
  const parameters = countParameters(model);
  hooks.log(
    'info',
    `${architecture} ${variant}: ${parameters} parameters, ${windows} train windows, ${stepsPerEpoch} steps of ${size} an epoch`,
  );
  if (parameters > windows) {
    hooks.log(
      'warn',
      `${(parameters / windows).toFixed(1)} parameters a train window: the model can learn the windows by heart. A ` +
        'smaller variant, a shorter lookback or more data helps.',
    );
  }
}

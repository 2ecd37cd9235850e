import { countWords } from '#core/count-words.ts';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { openSchedule, type Schedule } from '#core/schedules/schedule.ts';
import { type BatchSource, disposeBatch, openBatches } from './data/batches.ts';
import { unflatten } from './data/flat.ts';
import { buildLosses, type TaskLoss } from './losses/build.ts';
import { buildModel, initialWeights } from './models/build.ts';
import { trainingDropout } from './models/dropout.ts';
import type { Model } from './models/model.ts';
import { buildOptimizer } from './optimizers/build.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { openStream, permutation } from '#trainer/engines/random/random.ts';
import { logStart } from './start-log.ts';
import { Selection } from './selection.ts';
import { disposeVariables, trainStep, type Variables } from './step.ts';
import { planSteps, type StepPlan } from './step-plan.ts';
import { TrainingReport } from './training-report.ts';
import type { Want } from '#core/run/control.ts';
import type { NamedArray } from './data/named-array.ts';
import type { TrainingHooks, TrainingOutcome, TrainingState } from './training-state.ts';
import {
  requireFiniteValidation,
  requireFittingStart,
  requireMetric,
  requireSamples,
} from './training-requirements.ts';
import { validate } from './validate.ts';
import { openVariables, readVariables } from './variables.ts';

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
 *
 * @example
 * const engine = await openEngine('wasm');
 * const { config } = requireConfig({ overrides: ['train.epochs=2'] });
 * const dataset = assembleDataset(sampleMarket({ bars: 5000 }), config);
 * const hooks: TrainingHooks = {
 *   metric: (step, _epoch, values) => console.log(step, values),
 *   progress: () => {},
 *   log: (_level, message) => console.log(message),
 *   checkpoint: async () => {},
 *   control: () => ({ want: 'run', checkpoint: null }),
 *   paused: () => {},
 * };
 * const { end, state } = await trainModel({ dataset, config, hooks, backPressure: engine.backPressure });
 * engine.dispose();
 */
export async function trainModel(request: TrainingRequest): Promise<TrainingOutcome> {
  return new Training(request).run();
}

class Training {
  readonly #request: TrainingRequest;
  readonly #model: Model;
  readonly #losses: readonly TaskLoss[];
  readonly #optimizer: Optimizer;
  readonly #plan: StepPlan;
  readonly #learningRate: Schedule;
  readonly #batches: BatchSource;
  readonly #selection: Selection;
  readonly #report: TrainingReport;
  #variables: Variables;
  /** Epochs completed. */
  #epoch: number;
  /** Steps taken. */
  #step: number;

  /** @throws AppError where the request cannot be trained; nothing is then left on the engine. */
  constructor(request: TrainingRequest) {
    const { dataset, config, resume, hooks, now = () => performance.now() } = request;
    const { train } = config;
    const { tasks, samples, lookback, names } = dataset;
    requireSamples(dataset);
    const model = buildModel(config.model, { lookback, features: names.length, outputs: tasks.length });
    const losses = buildLosses(config.loss, tasks);
    const plan = planSteps(samples.train.length, train);
    const learningRate = openSchedule(train.schedule, train.optimizer.learning_rate, plan.steps);
    const optimizer = buildOptimizer(train.optimizer, model.parameters);
    try {
      requireFittingStart(request, train.seed, model, optimizer);
    } catch (error) {
      optimizer.dispose();
      throw error;
    }
    logStart(hooks, model, config, samples.train.length, plan);

    this.#request = request;
    this.#model = model;
    this.#losses = losses;
    this.#optimizer = optimizer;
    this.#plan = plan;
    this.#learningRate = learningRate;
    this.#batches = openBatches(dataset);
    const weights = resume?.weights ?? request.initial ?? initialWeights(model, train.seed);
    this.#variables = openVariables(weights, resume?.slots, optimizer);
    this.#epoch = resume?.epoch ?? 0;
    this.#step = resume?.step ?? 0;
    this.#selection = new Selection(train, resume);
    this.#report = new TrainingReport({
      hooks,
      plan,
      tasks: tasks.map(({ name }) => name),
      learningRate,
      baseRate: train.optimizer.learning_rate,
      firstStep: this.#step,
      now,
    });
  }

  /** Trains from where it stands to the end, and frees what it holds on the engine. Once. */
  async run(): Promise<TrainingOutcome> {
    try {
      return await this.#train();
    } finally {
      disposeVariables(this.#variables);
      this.#batches.dispose();
      this.#optimizer.dispose();
      this.#report.dispose();
    }
  }

  async #train(): Promise<TrainingOutcome> {
    while (this.#isUnfinished) {
      if ((await this.#trainEpoch()) === 'stop') return this.#stopHere();
      const values = await this.#validate();
      if (values === null) return this.#stopHere();
      const state = await this.#closeEpoch(values);
      if (this.#isUnfinished && (await this.#obey()) === 'stop') {
        return { end: 'stopped', reason: `stopped after epoch ${this.#epoch} of ${this.#plan.epochs}`, state };
      }
      // Time spent on scoring and saving must not count in the speed of training.
      this.#report.restart();
    }
    return { end: 'completed', reason: this.#completion(), state: await this.#takeState() };
  }

  get #isUnfinished(): boolean {
    return this.#epoch < this.#plan.epochs && !this.#selection.isExhausted;
  }

  /** Goes through the rest of the epoch's batches; `stop` where it is to end at the edge of a step. */
  async #trainEpoch(): Promise<'done' | 'stop'> {
    const { dataset, config, backPressure } = this.#request;
    const { stepsPerEpoch, size } = this.#plan;
    const order = shuffled(dataset.samples.train, config.train.seed, this.#epoch);
    for (let b = this.#step - this.#epoch * stepsPerEpoch; b < stepsPerEpoch; b++) {
      this.#takeStep(order, b * size);
      if (this.#step % stepsInQueue === 0) await backPressure?.();
      if (!this.#report.isDue(this.#step)) continue;
      await this.#report.tell(this.#step);
      // At an epoch's end the split is scored first, so that a stop between epochs loses nothing.
      const isLast = b === stepsPerEpoch - 1;
      if (!isLast && (await this.#obey()) === 'stop') return 'stop';
    }
    await this.#report.tell(this.#step);
    return 'done';
  }

  /** One step, on the batch of `order` from `start` on. */
  #takeStep(order: Int32Array, start: number): void {
    const { model, train } = this.#request.config;
    const { times } = this.#report;
    const step = this.#step + 1;
    const batch = times.measure('data', () => this.#batches.gather(order, start, this.#plan.size));
    const dropout = trainingDropout(model.dropout, train.seed, this.#step);
    const input = { variables: this.#variables, batch, dropout, step, learningRate: this.#learningRate(step), times };
    const next = trainStep(this.#model, this.#losses, this.#optimizer, train.clip_norm, input);
    disposeVariables(this.#variables);
    disposeBatch(batch);
    this.#variables = next.variables;
    this.#report.add(next.report);
    this.#step = step;
  }

  /** Metrics of the validation split; null where a stop was wanted meanwhile. */
  #validate(): Promise<Record<string, number> | null> {
    const weights = tf.tidy(() => unflatten(this.#variables.weights, this.#model.parameters));
    const isToStop = async () => (await this.#obey()) === 'stop';
    return validate(this.#model, weights, this.#batches, this.#request.dataset, this.#losses, isToStop).finally(() =>
      tf.dispose(weights),
    );
  }

  /** Counts the epoch, reports its metrics, and hands over its checkpoints. */
  async #closeEpoch(values: Record<string, number>): Promise<TrainingState> {
    const { hooks } = this.#request;
    this.#epoch++;
    hooks.metric(this.#step, this.#epoch, values);
    const value = requireMetric(values, this.#selection.metric);
    requireFiniteValidation(values['val.loss'], this.#epoch);
    const improved = this.#selection.note(value, this.#epoch, this.#step);
    if (this.#selection.isExhausted) this.#report.tellProgress(this.#step, 0);
    const state = await this.#takeState();
    if (improved) await hooks.checkpoint('best', state, this.#selection.latest);
    await hooks.checkpoint('last', state, this.#selection.latest);
    return state;
  }

  /** Carries out what is wanted of the run now: saves a checkpoint, pauses until told to go on, or answers `stop`. */
  async #obey(): Promise<'go on' | 'stop'> {
    const { hooks } = this.#request;
    // Timers and signals of the process get their turn here.
    await turn();
    let want = await this.#saveAndAsk();
    if (want === 'pause') {
      hooks.paused(true);
      await this.#report.exclude(async () => {
        while (want === 'pause') {
          await sleep(pauseEvery);
          want = await this.#saveAndAsk();
        }
      });
      hooks.paused(false);
      this.#report.restart();
    }
    return want === 'stop' ? 'stop' : 'go on';
  }

  /** What is wanted now; a checkpoint that is asked for is saved first. */
  async #saveAndAsk(): Promise<Want> {
    const { hooks } = this.#request;
    const { want, checkpoint } = hooks.control();
    if (checkpoint !== null) await hooks.checkpoint(checkpoint, await this.#takeState(), this.#selection.latest);
    return want;
  }

  async #stopHere(): Promise<TrainingOutcome> {
    await this.#report.tell(this.#step);
    const state = await this.#takeState();
    await this.#request.hooks.checkpoint('last', state, this.#selection.latest);
    return { end: 'stopped', reason: `stopped at step ${this.#step} of ${this.#plan.steps}`, state };
  }

  #completion(): string {
    const { epochs } = this.#plan;
    if (this.#epoch >= epochs) return epochs === 1 ? '1 epoch' : `all ${epochs} epochs`;
    const { metric, stale, best } = this.#selection;
    return `early stopping: ${metric} has not improved for ${countWords(stale, 'epoch')} (best at epoch ${best?.epoch ?? 0})`;
  }

  async #takeState(): Promise<TrainingState> {
    const { config, resume } = this.#request;
    return {
      epoch: this.#epoch,
      step: this.#step,
      seed: config.train.seed,
      ...(await readVariables(this.#variables, this.#model, this.#optimizer)),
      best: this.#selection.best,
      stale: this.#selection.stale,
      elapsed: (resume?.elapsed ?? 0) + this.#report.seconds,
    };
  }
}

/** The train samples in the order of an epoch. */
function shuffled(samples: Int32Array, seed: number, epoch: number): Int32Array {
  return permutation(openStream(seed, 'shuffle', epoch), samples.length).map((i) => samples[i]);
}

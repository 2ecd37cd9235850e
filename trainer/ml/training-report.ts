import type * as tf from '@tensorflow/tfjs-core';
import { Meter, type Reading } from './meter.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import type { StepPlan } from './step-plan.ts';
import { StepTimes } from './step-times.ts';
import { Stopwatch } from './stopwatch.ts';
import { requireFinite } from './training-requirements.ts';
import type { TrainingHooks } from './training-state.ts';

/** Milliseconds between two train metrics, and between two looks at what is wanted. */
const reportEvery = 250;

interface ReportOptions {
  readonly hooks: TrainingHooks;
  readonly plan: StepPlan;
  /** Names of the tasks. */
  readonly tasks: readonly string[];
  readonly learningRate: Schedule;
  /** The highest learning rate, which the schedule reaches after its warm-up. */
  readonly baseRate: number;
  /** Steps taken in earlier attempts. */
  readonly firstStep: number;
  readonly now: () => number;
}

/**
 * Reports the progress of training: means of the train metrics since the last report, the speed, and where the time
 * goes. It counts from the moment it is created. Owns what a Meter owns; dispose it with `dispose`.
 */
export class TrainingReport {
  /** Where the time of the steps goes. */
  readonly times: StepTimes;
  readonly #options: ReportOptions;
  readonly #watch: Stopwatch;
  readonly #meter = new Meter();
  #samplesPerSecond = 0;
  #last: { readonly at: number; readonly seconds: number };

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#watch = new Stopwatch(options.now);
    this.times = new StepTimes(options.now);
    this.#last = this.#mark();
  }

  /** Seconds of this attempt, without pauses. */
  get seconds(): number {
    return this.#watch.seconds;
  }

  /** Takes over what a step reports. */
  add(report: tf.Tensor): void {
    this.#meter.add(report);
  }

  /** Whether to report after this step, from 1. */
  isDue(step: number): boolean {
    return step === 1 || this.#options.now() - this.#last.at >= reportEvery;
  }

  /** Reports the steps since the last report, where there are any; `step` is the last of them. @throws AppError non_finite_loss. */
  async tell(step: number): Promise<void> {
    const reading = await this.times.follow('logging', () => this.#meter.read());
    if (reading === null) return;
    const { hooks, plan, baseRate, firstStep } = this.#options;
    const seconds = this.#watch.seconds;
    const since = seconds - this.#last.seconds;
    this.#samplesPerSecond = (reading.steps * plan.size) / Math.max(1e-9, since);
    const values = this.#valuesOf(reading, step, since);
    this.times.measure('logging', () => hooks.metric(step, step / plan.stepsPerEpoch, values));
    requireFinite(reading, step, baseRate);
    this.tellProgress(step, ((plan.steps - step) * seconds) / Math.max(1, step - firstStep));
    this.restart();
  }

  tellProgress(step: number, etaSeconds: number): void {
    const { epochs, steps, stepsPerEpoch } = this.#options.plan;
    const epoch = Math.min(epochs, Math.floor((step - 1) / stepsPerEpoch) + 1);
    this.#options.hooks.progress({
      epoch,
      epochs,
      step,
      steps,
      samplesPerSecond: this.#samplesPerSecond,
      etaSeconds,
    });
  }

  /** Measures the speed from here on: the time since the last report was not spent on steps. */
  restart(): void {
    this.#last = this.#mark();
  }

  /** Time that `idle` takes is not counted as training. */
  async exclude(idle: () => Promise<void>): Promise<void> {
    await this.#watch.exclude(idle);
  }

  dispose(): void {
    this.#meter.dispose();
  }

  #mark(): { readonly at: number; readonly seconds: number } {
    return { at: this.#options.now(), seconds: this.#watch.seconds };
  }

  #valuesOf(reading: Reading, step: number, seconds: number): Record<string, number> {
    const { tasks, learningRate } = this.#options;
    const values: Record<string, number> = {
      'train.loss': reading.loss,
      lr: learningRate(step),
      grad_norm: reading.norm,
    };
    if (tasks.length > 1) tasks.forEach((name, k) => (values[`train.${name}.loss`] = reading.tasks[k]));
    values['time.step'] = (1000 * seconds) / reading.steps;
    return Object.assign(values, this.times.read(reading.steps));
  }
}

import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { evaluationBatch } from '#core/estimate/limits.ts';
import type { MemoryReport } from '#core/run/memory-report.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { readSystem } from '#trainer/engines/telemetry.ts';
import type { NamedArray } from '#trainer/ml/data/named-array.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { planSteps } from '#trainer/ml/step-plan.ts';
import { trainModel } from '#trainer/ml/train.ts';
import { MemoryPeak } from '#trainer/process/memory-peak.ts';

/** What real steps of a model took. */
interface Timing {
  readonly samplesPerSecond: number;
  readonly stepMs: number;
  readonly scoredPerSecond: number;
  /** From the engine's opening to the end of its first step. */
  readonly openSeconds: number;
  /** Steps that were timed. */
  readonly steps: number;
  readonly memory: Pick<MemoryReport, 'peak' | 'of'>;
}

interface TimingOptions {
  /** When opening the engine began, by `now`. */
  readonly opened: number;
  /** Whether to end with what there is. */
  readonly isToStop: () => boolean;
  /** Called with the share of the time that is over. */
  readonly progress: (share: number) => void;
  /** Ms, monotonic. */
  readonly now?: () => number;
}

/** Ms of steps that are timed, and of scoring. */
const trainFor = 1500;
const scoreFor = 500;
/** Most batches that are scored. */
const mostScored = 16;
/** Nothing becomes infinite by it, and how long a step takes does not depend on it. */
const smallRate = 1e-6;

/**
 * Trains the real model on the real samples for a moment, with all that a run does about it, and throws away what it
 * learned. The first step, in which an engine may compile, does not count. Null where it was stopped before the second.
 * @throws AppError as trainModel
 */
export async function timeModel(
  dataset: Dataset,
  config: Config,
  engine: Engine,
  { opened, isToStop, progress, now = () => performance.now() }: TimingOptions,
): Promise<Timing | null> {
  const peak = new MemoryPeak(engine);
  peak.add(readSystem());
  let openSeconds = 0;
  let began = 0;
  let [last, steps, ms] = [0, 0, 0];
  const outcome = await trainModel({
    dataset,
    config: forTiming(config),
    backPressure: engine.backPressure,
    now,
    hooks: {
      metric(step, _epoch, values) {
        const each = values['time.step'];
        if (each === undefined) return;
        peak.add(readSystem());
        if (last === 0) {
          began = now();
          openSeconds = (began - opened) / 1000;
        } else {
          steps += step - last;
          ms += each * (step - last);
        }
        last = step;
      },
      control() {
        const share = last === 0 ? 0 : Math.min(1, (now() - began) / trainFor);
        progress(share);
        return { want: isToStop() || (share === 1 && steps > 0) ? 'stop' : 'run', checkpoint: null };
      },
      progress: () => {},
      log: () => {},
      checkpoint: async () => {},
      paused: () => {},
    },
  });
  if (steps === 0) return null;
  const scoredPerSecond = await timeScoring(dataset, config, outcome.state.weights, now);
  peak.add(readSystem());
  const stepMs = ms / steps;
  const { size } = planSteps(dataset.samples.train.length, config.train);
  return {
    samplesPerSecond: (1000 * size) / stepMs,
    stepMs,
    scoredPerSecond,
    openSeconds,
    steps,
    memory: peak.measured,
  };
}

/** Epochs without end, chosen by what every validation gives. */
function forTiming(config: Config): Config {
  const { train } = config;
  const optimizer = { ...train.optimizer, learning_rate: smallRate };
  const select = { metric: 'val.loss', mode: 'min' } as const;
  return { ...config, train: { ...train, optimizer, select, early_stopping: null, epochs: 10_000 } };
}

/** Windows a second in scoring: of one batch where that takes long, else of as many as there is time for after the first. */
async function timeScoring(
  dataset: Dataset,
  config: Config,
  weights: readonly NamedArray[],
  now: () => number,
): Promise<number> {
  const shape = { lookback: dataset.lookback, features: dataset.names.length, outputs: dataset.tasks.length };
  const model = buildModel(config.model, shape);
  const { validation } = dataset.samples;
  const score = async (batches: number) => {
    const part = validation.subarray(0, batches * evaluationBatch);
    const samples = { ...dataset.samples, validation: part };
    const began = now();
    await predict(model, weights, { ...dataset, samples }, 'validation', async () => false);
    return { windows: part.length, ms: Math.max(1e-3, now() - began) };
  };
  const first = await score(1);
  const room = Math.min(mostScored, Math.floor(scoreFor / first.ms));
  const { windows, ms } = room < 1 ? first : await score(room);
  return (1000 * windows) / ms;
}

import { setImmediate as turn } from 'node:timers/promises';
import type { Architecture } from '#core/models/registry.ts';
import { measureThroughput, openTraining, type TrainingJob } from './measure-training.ts';
import { openEngine } from '#trainer/engines/open.ts';

/** Small enough for the reference, which is plain JavaScript; all operations of the model are in it. */
const small = { variant: 'base', batch: 8, lookback: 32, features: 8 } as const;
/** The measured shape: the default lookback and batch size of a run. */
const usual = { variant: 'base', batch: 256, lookback: 64, features: 16 } as const;
/** Steps compared with the reference: an error of a gradient or of the optimizer shows from the second on. */
const compared = 3;
/** Steps after which the loss must have fallen. */
const falling = 10;
/** Relative difference to the reference that rounding explains. */
const tolerance = 1e-3;

/** Opens the reference engine, trains the first steps of a model on it, and closes it. */
export async function referenceLosses(model: Architecture): Promise<readonly number[]> {
  const engine = await openEngine('cpu');
  try {
    return await firstLosses({ model, ...small }, compared);
  } finally {
    engine.dispose();
  }
}

/**
 * Trains a model on the engine that is open: first whether it computes what the reference does and learns, then how fast
 * it is, for about `seconds`.
 * @returns windows a second.
 * @throws where a loss is not finite, differs from the reference, or does not fall.
 */
export async function checkTraining(model: Architecture, reference: readonly number[], seconds = 1): Promise<number> {
  const losses = await firstLosses({ model, ...small }, falling);
  compareLosses(losses, reference);
  const { samplesPerSecond, loss } = await measureThroughput({ model, ...usual }, seconds, 1);
  if (!Number.isFinite(loss)) throw new Error(`its loss became ${loss}`);
  return samplesPerSecond;
}

/** @throws where these are not the losses of a model that learns as the reference does. */
export function compareLosses(losses: readonly number[], reference: readonly number[]): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0) throw new Error(`its loss of step ${bad + 1} is ${losses[bad]}`);
  reference.forEach((expected, step) => {
    if (Math.abs(losses[step] - expected) <= tolerance * Math.abs(expected)) return;
    throw new Error(`its loss of step ${step + 1} is ${losses[step]}, expected ${expected} within ${tolerance} of it`);
  });
  const last = losses.slice(-2).reduce((sum, loss) => sum + loss / 2, 0);
  if (!(last < losses[0]))
    throw new Error(`its loss did not fall: from ${losses[0]} to ${last} in ${losses.length} steps`);
}

async function firstLosses(job: TrainingJob, steps: number): Promise<readonly number[]> {
  const training = openTraining(job);
  try {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      losses.push(await training.step());
      // Yields to the event loop: an engine that computes in this thread would otherwise block everything, even the
      // notice that the parent process has ended.
      await turn();
    }
    return losses;
  } finally {
    training.close();
  }
}

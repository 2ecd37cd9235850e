import { z } from 'zod';
import type { TrainConfig } from '#core/config/train.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { fromEventNumber, eventNumber, toEventNumber } from '#core/run/event.ts';
import { checkpointFiles } from '#core/run/run-files.ts';
import type { Model } from '../models/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import type { TrainingState } from '../training-state.ts';
import type { CheckpointFiles } from './manifest.ts';
import { exportTopology, joinArrays, type Topology } from './topology.ts';

const arraySchema = z.object({ name: z.string(), shape: z.array(z.int().min(0)) });

const stateSchema = z.object({
  version: z.literal(1),
  epoch: z.int(),
  step: z.int(),
  seed: z.int(),
  best: z.object({ value: eventNumber, epoch: z.int(), step: z.int() }).nullable(),
  stale: z.int(),
  elapsed: z.number(),
  /** Arrays in weights.bin and in optimizer.bin: float32, little endian, one after the other in this order. */
  weights: z.array(arraySchema),
  slots: z.array(arraySchema),
  /** Bytes in weights.bin behind the weights: what a graph model needs besides them. */
  constants: z.int().min(0).default(0),
});

/** What does not change between the checkpoints of one run. */
interface CheckpointFrame extends Topology {
  /** scaler.json: how to make the model's input from features, and target units from its output. */
  readonly scaler: Uint8Array;
  readonly train: TrainConfig;
}

const toJson = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

function split(
  bytes: Uint8Array,
  index: readonly { name: string; shape: number[] }[],
  file: string,
  behind = 0,
): NamedArray[] {
  const expected = index.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), behind);
  if (bytes.length !== expected)
    throw new AppError(
      'checkpoint_damaged',
      `${file} has ${bytes.length} bytes, but state.json lists arrays of ${expected}. Take another checkpoint.`,
    );
  let at = 0;
  return index.map(({ name, shape }) => {
    const length = 4 * shape.reduce((a, b) => a * b, 1);
    const data = new Float32Array(new Uint8Array(bytes.subarray(at, at + length)).buffer);
    at += length;
    return { name, shape, data };
  });
}

/** Builds what all checkpoints of a run share. */
export async function frameCheckpoints(
  model: Model,
  weights: readonly NamedArray[],
  dataset: Dataset,
  train: TrainConfig,
): Promise<CheckpointFrame> {
  const { names, scaler, tasks, lookback, horizon } = dataset;
  return {
    ...(await exportTopology(model, weights)),
    scaler: toJson({
      ...scaler,
      features: names,
      lookback,
      horizon,
      tasks: tasks.map(({ name, kind, mean, sd }) => ({ name, kind, mean, sd })),
    }),
    train,
  };
}

/** The files of a checkpoint of `state`. */
export function encodeCheckpoint(frame: CheckpointFrame, state: TrainingState): CheckpointFiles {
  const { epoch, step, seed, best, stale, elapsed, weights, slots } = state;
  const index = (arrays: readonly NamedArray[]) => arrays.map(({ name, shape }) => ({ name, shape }));
  return {
    [checkpointFiles.model]: toJson({
      modelTopology: frame.modelTopology,
      format: frame.format,
      generatedBy: 'Almanac',
      convertedBy: null,
      weightsManifest: [{ paths: [checkpointFiles.weights], weights: frame.weightSpecs }],
    }),
    [checkpointFiles.weights]: Buffer.concat([joinArrays(weights), frame.constants]),
    [checkpointFiles.optimizer]: joinArrays(slots),
    [checkpointFiles.state]: toJson({
      version: 1,
      epoch,
      step,
      seed,
      best: best && { ...best, value: toEventNumber(best.value) },
      stale,
      elapsed,
      optimizer: frame.train.optimizer.kind,
      schedule: { ...frame.train.schedule, step },
      random: { kind: 'counter', seed, epoch, step },
      weights: index(weights),
      slots: index(slots),
      constants: frame.constants.length,
    }),
    [checkpointFiles.scaler]: frame.scaler,
  };
}

/** The training state in the files of a checkpoint; throws checkpoint_damaged where they do not fit together. */
export function decodeCheckpoint(files: CheckpointFiles): TrainingState {
  let parsed: z.infer<typeof stateSchema>;
  try {
    parsed = stateSchema.parse(JSON.parse(Buffer.from(files[checkpointFiles.state]).toString('utf8')));
  } catch (cause) {
    throw new AppError('checkpoint_damaged', 'state.json of the checkpoint cannot be read. Take another checkpoint.', {
      cause,
    });
  }
  const { version: _version, best, weights, slots, constants, ...counters } = parsed;
  return {
    ...counters,
    best: best && { ...best, value: fromEventNumber(best.value) },
    weights: split(files[checkpointFiles.weights] ?? Buffer.alloc(0), weights, checkpointFiles.weights, constants),
    slots: split(files[checkpointFiles.optimizer] ?? Buffer.alloc(0), slots, checkpointFiles.optimizer),
  };
}

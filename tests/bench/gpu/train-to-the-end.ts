// Program: train-to-the-end [--engine=webgpu] [--model=patchtst] [--variant=large] [--batch=256] [--epochs=3] [--rows=20000]
// Trains a model from the first step to the last epoch, as a run does, on a generated data set of 16 features with something to
// learn. Prints a line of JSON: losses, time, and the most memory that tensors took.
import { parseArgs } from 'node:util';
import { configOf } from '#tests/core/dataset/config.ts';
import { engineNames } from '#core/engines/registry.ts';
import { record } from '#tests/trainer/ml/train/recording-hooks.ts';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { trainModel } from '#trainer/ml/train.ts';

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'webgpu' },
    model: { type: 'string', default: 'patchtst' },
    variant: { type: 'string', default: 'large' },
    batch: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '3' },
    rows: { type: 'string', default: '20000' },
  },
});
const name = engineNames.find((known) => known === options.engine);
if (name === undefined)
  throw new Error(`--engine: expected one of ${engineNames.join(', ')}, received ${options.engine}`);
const lookback = 64;
const config = configOf({
  model: { architecture: options.model, variant: options.variant, lookback },
  train: { epochs: Number(options.epochs), batch_size: Number(options.batch) },
});
const dataset = tinyDataset({ lookback, features: 16, rows: Number(options.rows) });
const engine = await openEngine(name);
const recording = record();
const began = performance.now();
const { end, reason, state } = await trainModel({ dataset, config, hooks: recording.hooks });
const validations = recording.metrics.filter(({ values }) => 'val.loss' in values);
const line = {
  model: options.model,
  variant: options.variant,
  batch: Number(options.batch),
  engine: engine.name,
  device: engine.device,
  end,
  reason,
  steps: state.step,
  seconds: (performance.now() - began) / 1000,
  validationLosses: validations.map(({ values }) => values['val.loss']),
  peakBytes: engine.peakBytes(),
  memoryLimit: engine.memoryLimit,
};
engine.dispose();
process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));

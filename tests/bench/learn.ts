import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { regressionParts } from '#core/metrics/regression.ts';
import { scoreAll } from '#core/metrics/score-parts.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { trainModel } from '#trainer/ml/train.ts';
import { record } from '#tests/trainer/ml/train/recording-hooks.ts';

/** R² on the test split of forecasts in units of the only task, one a row of the data set. */
export function rSquared(dataset: Dataset, forecast: (row: number) => number): number {
  const [{ raw, mean }] = dataset.tasks;
  const rows = dataset.samples.test;
  const predicted = Float64Array.from(rows, forecast);
  const actual = Float64Array.from(rows, (row) => raw[row]);
  return scoreAll(regressionParts(predicted, actual, mean)).r2;
}

/** Trains on the open engine, and scores the best checkpoint: its R² on the test split. */
export async function learn(dataset: Dataset, config: Config): Promise<number> {
  const recording = record();
  await trainModel({ dataset, config, hooks: recording.hooks });
  const best = recording.checkpoints.findLast(({ name }) => name === 'best');
  if (best === undefined) throw new Error('Expected a best checkpoint, received none.');
  const shape = { lookback: dataset.lookback, features: dataset.names.length, outputs: dataset.tasks.length };
  const model = buildModel(config.model, shape);
  const outputs = await predict(model, best.state.weights, dataset, 'test', async () => false);
  if (outputs === null) throw new Error('Expected predictions, received none.');
  const place = new Map([...dataset.samples.test].map((row, i) => [row, i]));
  return rSquared(dataset, (row) => outputs[0][place.get(row) ?? NaN]);
}

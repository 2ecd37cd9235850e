import { losses } from '#core/losses/registry.ts';
import { architectures } from '#core/models/registry.ts';
import { optimizerNames } from '#core/optimizers/registry.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { exportTopology } from '#trainer/ml/checkpoint/topology.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { trainModel } from '#trainer/ml/train.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { everyOption } from '#tests/trainer/ml/models/every-option.ts';
import { record } from '#tests/trainer/ml/train/recording-hooks.ts';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';

interface Training {
  readonly model?: object;
  readonly loss?: object;
  readonly train?: object;
}

const lookback = 12;
const labelled = tinyDataset({ lookback, rows: 40 });
const partlyLabelled = tinyDataset({ lookback, rows: 40, unlabelled: 20 });

/** Every model, loss and optimizer that a configuration may name, and the settings that change what is computed. */
function listTrainings(): readonly Training[] {
  const terms = losses.map(({ kind, schema }) => schema.parse({ kind }));
  const optimizers = optimizerNames.flatMap((kind) => {
    const momentum = kind === 'sgd' ? [{ momentum: 0 }] : [];
    return [{}, { weight_decay: 0 }, { weight_decay: 0.1 }, ...momentum].map((more) => ({ kind, ...more }));
  });
  return [
    ...architectures.flatMap((architecture) =>
      everyOption(architecture).map((options) => ({ model: { architecture, ...options, dropout: 0.3 } })),
    ),
    ...terms.map((loss) => ({ loss: { ret: loss, dir: loss } })),
    { loss: { dir: { kind: 'bce', label_smoothing: 0.1 } } },
    ...optimizers.flatMap((optimizer) => [null, 1].map((clip_norm) => ({ train: { optimizer, clip_norm } }))),
  ];
}

/** Trains all that there is for one step on the engine that is open, validates, predicts and exports it. */
export async function trainEverything(): Promise<void> {
  for (const training of listTrainings()) {
    await trainOne(training, partlyLabelled);
    if (training.loss !== undefined) await trainOne(training, labelled);
  }
}

async function trainOne({ model, loss = {}, train }: Training, dataset: Dataset): Promise<void> {
  const config = configOf({
    model: { architecture: 'nlinear', lookback, ...model },
    loss,
    train: { epochs: 1, ...train },
  });
  const { state } = await trainModel({ dataset, config, hooks: record().hooks });
  const shape = { lookback, features: dataset.names.length, outputs: dataset.tasks.length };
  const network = buildModel(config.model, shape);
  await predict(network, state.weights, dataset, 'test', async () => false);
  await exportTopology(network, state.weights);
}

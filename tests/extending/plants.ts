import type { Plant } from './plant.ts';

const feature: Plant = {
  kind: 'feature',
  core: {
    path: 'src/core/features/planted.ts',
    text: `import { z } from 'zod';
import type { Indicator } from './indicator.ts';

const params = z.strictObject({ bars: z.int().min(1).max(100).default(3).describe('Bars between the two closes') });

export const planted: Indicator<z.infer<typeof params>> = {
  name: 'planted',
  title: 'Planted',
  summary: 'Change of the close over some bars.',
  params,
  columns: ({ bars }) => [\`planted_\${bars}\`],
  warmup: ({ bars }) => bars,
  compute: ({ close }, { bars }) => [close.map((value, i) => (i < bars ? NaN : value / close[i - bars] - 1))],
};
`,
    registry: 'src/core/features/registry.ts',
    before: 'export const indicators = [',
    entry: 'planted',
    exported: 'planted',
  },
  use: ['features.timeframes={1h: {planted: {bars: 5}, log_return: {}}}'],
  says: 'Change of the close over some bars.',
};

const schedule: Plant = {
  kind: 'schedule',
  core: {
    path: 'src/core/schedules/planted.ts',
    text: `import { z } from 'zod';
import type { ScheduleDescriptor } from './descriptor.ts';

const options = { stairs: z.int().min(1).max(100).default(4).meta({ title: 'Stairs', description: 'Times it halves' }) };

export const planted: ScheduleDescriptor<typeof options> = {
  summary: 'halves again and again',
  options,
  factor: (done, steps, { stairs }) => 0.5 ** Math.floor((stairs * done) / steps),
};
`,
    registry: 'src/core/schedules/registry.ts',
    before: 'export const schedules = {',
    entry: 'planted',
    exported: 'planted',
  },
  use: ['train.schedule.kind=planted', 'train.schedule.stairs=2', 'train.schedule.warmup=0'],
  says: 'planted only: Times it halves',
};

const model: Plant = {
  kind: 'model',
  core: {
    path: 'src/core/models/planted.ts',
    text: `import { z } from 'zod';
import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';

const options = { tail: z.int().min(1).max(8).default(2).meta({ title: 'Tail', description: 'Newest bars it reads' }) };

export const planted: ModelDescriptor<{ readonly units: number }, typeof options> = {
  title: 'Planted',
  summary: 'two dense layers on the newest bars',
  sizes: { base: { units: 4 }, medium: { units: 8 }, large: { units: 16 } },
  options,
  shapedBy: ['tail'],
  describe: ({ units }) => \`\${units} units\`,
  parameters: ({ units }, { tail }, { features, outputs }) => dense(tail * features, units) + dense(units, outputs),
  training: ({ units }, { lookback }, features) => 2 * lookback * features + 5 * units,
  forward: ({ units }, { lookback }, features) => lookback * features + units,
};
`,
    registry: 'src/core/models/registry.ts',
    before: 'export const models = {',
    entry: 'planted',
    exported: 'planted',
  },
  trainer: {
    path: 'trainer/ml/models/planted.ts',
    text: `import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '#core/config/model.ts';
import { planted } from '#core/models/planted.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { GraphBuilder } from './graph-export.ts';
import { graphDense } from './graph-layers.ts';
import { denseParameters, finder } from './layer-parameters.ts';
import type { Model, ModelShape } from './model.ts';

export function buildPlanted({ variant, tail }: ModelConfig, shape: ModelShape): Model {
  const { units } = planted.sizes[variant];
  const { lookback, features, outputs } = shape;
  const parameters = [
    ...denseParameters('hidden', tail * features, units, 'he'),
    ...denseParameters('head', units, outputs, 'glorot'),
  ];
  const find = finder(parameters);
  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const { kernel, bias } = find(weights);
      const newest = tf.slice(x, [0, lookback - tail, 0], [x.shape[0], tail, features]);
      const flat: tf.Tensor2D = tf.reshape(newest, [x.shape[0], tail * features]);
      const hidden = dense(flat, kernel('hidden'), bias('hidden'), { relu: true });
      return dense(dropout(hidden, 0, [x.shape[0], units]), kernel('head'), bias('head'));
    },
    toGraph() {
      const graph = new GraphBuilder(parameters, shape);
      const newest = graph.gather(graph.window, Array.from({ length: tail }, (_, i) => lookback - tail + i));
      const flat = graph.reshape(newest, [-1, tail * features]);
      return graph.finish(graphDense(graph, graph.op('Relu', [graphDense(graph, flat, 'hidden')]), 'head'));
    },
  };
}
`,
    registry: 'trainer/ml/models/registry.ts',
    before: 'export const modelBuilders: Readonly<Record<Architecture, BuildModel>> = {',
    entry: 'planted: buildPlanted',
    exported: 'buildPlanted',
  },
  use: ['model.architecture=planted', 'model.tail=3', 'model.lookback=8'],
  says: 'planted only: Newest bars it reads',
};

const optimizer: Plant = {
  kind: 'optimizer',
  core: {
    path: 'src/core/optimizers/planted.ts',
    text: `import { z } from 'zod';
import type { OptimizerDescriptor } from './descriptor.ts';
import { learningRate } from './learning-rate.ts';

export const planted = {
  title: 'Planted',
  summary: 'A step of one length in the direction of each sign.',
  buffers: 0,
  schema: z.strictObject({
    kind: z.literal('planted'),
    learning_rate: learningRate,
    share: z.number().min(0).max(1).default(1).meta({ title: 'Share', description: 'Of the step that is taken' }),
  }),
} satisfies OptimizerDescriptor;
`,
    registry: 'src/core/optimizers/registry.ts',
    before: 'export const optimizers = {',
    entry: 'planted',
    exported: 'planted',
  },
  trainer: {
    path: 'trainer/ml/optimizers/planted.ts',
    text: `import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerOptions } from '#core/optimizers/registry.ts';
import type { Optimizer } from './optimizer.ts';

export function buildPlanted({ share }: OptimizerOptions<'planted'>): Optimizer {
  return {
    slots: [],
    kinds: 0,
    update: ({ weights, grad, learningRate }) => ({
      weights: tf.sub(weights, tf.mul(tf.sign(grad), learningRate * share)),
      slots: [],
    }),
    dispose: () => {},
  };
}
`,
    registry: 'trainer/ml/optimizers/registry.ts',
    before: 'export const optimizerBuilders: Builders = {',
    entry: 'planted: buildPlanted',
    exported: 'buildPlanted',
  },
  use: ['train.optimizer.kind=planted', 'train.optimizer.share=0.5'],
  says: 'Of the step that is taken',
};

const engine: Plant = {
  kind: 'engine',
  core: {
    path: 'src/core/engines/planted.ts',
    text: `import type { EngineDescriptor } from './descriptor.ts';

export const planted: EngineDescriptor = { title: 'Planted', everywhere: true, memoryLimit: 1e9 };
`,
    registry: 'src/core/engines/registry.ts',
    before: 'const engines = {',
    entry: 'planted',
    exported: 'planted',
  },
  trainer: {
    path: 'trainer/engines/planted/driver.ts',
    text: `import type { EngineDriver } from '../driver.ts';

export const plantedDriver: EngineDriver = {
  packages: ['@tensorflow/tfjs-backend-cpu'],
  open: async () => ({ ...(await (await import('../cpu.ts')).openCpu()), name: 'planted', memoryLimit: 1e9 }),
  findAbsence: () => undefined,
  remedy: () => 'npm ci',
  findCards: () => null,
};
`,
    registry: 'trainer/engines/registry.ts',
    before: 'export const engineDrivers: Readonly<Record<EngineName, EngineDriver>> = {',
    entry: 'planted: plantedDriver',
    exported: 'plantedDriver',
  },
  use: ['train.engine=planted'],
  says: '"auto","planted"',
};

const target: Plant = {
  kind: 'target kind',
  core: {
    path: 'src/core/targets/planted.ts',
    text: `import { forwardReturns } from './forward-returns.ts';
import type { Target } from './target.ts';
import { valueScale } from './value-scale.ts';

export const planted: Target<'planted'> = {
  kind: 'planted',
  summary: 'squared forward log return',
  phrase: 'a squared return',
  stem: 'square',
  scale: valueScale,
  defaultLoss: 'huber',
  outcome: forwardReturns,
  labels: (outcome) => outcome.map((change) => change ** 2),
  fromReturn: (change) => change ** 2,
};
`,
    registry: 'src/core/targets/registry.ts',
    before: 'export const targets = [',
    entry: 'planted',
    exported: 'planted',
  },
  use: ['targets.tasks={square: {kind: planted}, dir: {kind: direction}}'],
  says: 'squared forward log return',
};

const loss: Plant = {
  kind: 'loss',
  core: {
    path: 'src/core/losses/planted.ts',
    text: `import { z } from 'zod';
import { lossSpec } from './loss-spec.ts';

export const planted = lossSpec({
  kind: 'planted',
  title: 'Planted',
  summary: 'Smooth near zero, linear beyond.',
  scales: ['value'],
  params: { bend: z.number().min(0.01).max(10).default(1).meta({ title: 'Bend', description: 'Width of its bottom' }) },
});
`,
    registry: 'src/core/losses/registry.ts',
    before: 'export const losses = [',
    entry: 'planted',
    exported: 'planted',
  },
  trainer: {
    path: 'trainer/ml/losses/planted.ts',
    text: `import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm } from '#core/losses/registry.ts';
import type { Loss } from './loss.ts';

export function planted({ bend }: LossTerm<'planted'>): Loss {
  return {
    tensor: (z, y) => tf.sub(tf.sqrt(tf.add(tf.square(tf.sub(z, y)), tf.scalar(bend ** 2))), tf.scalar(bend)),
    number: (z, y) => Math.hypot(z - y, bend) - bend,
  };
}
`,
    registry: 'trainer/ml/losses/registry.ts',
    before: 'const builders: Builders = {',
    entry: 'planted',
    exported: 'planted',
  },
  use: ['loss.square={kind: planted, bend: 0.5}'],
  says: 'Width of its bottom',
};

/** One of each kind that README says how to add. */
export const plants: readonly Plant[] = [feature, target, loss, schedule, model, optimizer, engine];

import { z } from 'zod';
import { engineNames } from '#core/engines/registry.ts';
import { optimizerNames, optimizers } from '#core/optimizers/registry.ts';
import { ownedOptions } from '#core/owned-options.ts';
import { scheduleNames, scheduleOf, schedules } from '#core/schedules/registry.ts';

const [firstOptimizer, ...otherOptimizers] = optimizerNames.map((name) => {
  const { schema, title, summary } = optimizers[name];
  return schema.meta({ title, description: summary });
});

/** How the weights are found. */
export const trainSchema = z.strictObject({
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(30)
    .meta({ title: 'Epochs', description: 'Passes over the train samples at most' }),
  batch_size: z.int().min(1).max(8192).default(256).meta({ title: 'Batch size', description: 'Samples a step' }),
  optimizer: z
    .discriminatedUnion('kind', [firstOptimizer, ...otherOptimizers])
    .prefault({ kind: 'adamw' })
    .meta({ title: 'Optimizer' }),
  schedule: z
    .strictObject({
      kind: z
        .enum(scheduleNames)
        .default('cosine')
        .meta({
          title: 'Kind',
          description: scheduleNames.map((name) => `${name} = ${scheduleOf(name).summary}`).join('; '),
        }),
      warmup: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.05)
        .meta({ title: 'Warm-up', description: 'Share of all steps in which the rate rises linearly' }),
      ...ownedOptions(schedules),
    })
    .prefault({})
    .meta({ title: 'Schedule', description: 'Of the learning rate' }),
  clip_norm: z
    .union([z.number().min(1e-3).max(1e3), z.null()])
    .default(1)
    .meta({ title: 'Clip norm', description: 'Longest gradient, over all weights together; null = no limit' }),
  early_stopping: z
    .union([
      z.strictObject({
        patience: z
          .int()
          .min(1)
          .max(1000)
          .default(8)
          .meta({ title: 'Patience', description: 'Epochs without a better value of the chosen metric' }),
      }),
      z.null(),
    ])
    .prefault({})
    .meta({ title: 'Early stopping', description: 'null = never' }),
  select: z
    .strictObject({
      metric: z
        .string()
        .max(100)
        .default('val.loss')
        .meta({ title: 'Metric', description: 'Decides which checkpoint is called best, e.g. val.loss or val.da' }),
      mode: z
        .enum(['min', 'max'])
        .default('min')
        .meta({ title: 'Mode', description: 'Whether a lower or a higher value is better' }),
    })
    .prefault({})
    .meta({ title: 'Select' }),
  checkpoint_every: z.number().min(0).max(3600).default(5).meta({
    title: 'Checkpoint every',
    description: 'Seconds between two saves of best and last; both are saved at the end too. 0 = after every epoch',
  }),
  seed: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(1)
    .meta({ title: 'Seed', description: 'Of initial weights, order of the samples and dropout' }),
  engine: z
    .enum(['auto', ...engineNames])
    .default('auto')
    .meta({ title: 'Engine', description: 'auto = the fastest that works on this machine' }),
});
export type TrainConfig = z.infer<typeof trainSchema>;

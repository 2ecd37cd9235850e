import { z } from 'zod';
import { architectures, modelOf, models } from '#core/models/registry.ts';
import { variants } from '#core/models/variant.ts';
import { ownedOptions } from '#core/owned-options.ts';

/** The network that maps one window to one number a task. */
export const modelSchema = z.strictObject({
  architecture: z
    .enum(architectures)
    .default('mlp')
    .meta({
      title: 'Architecture',
      description: architectures.map((name) => `${name} = ${modelOf(name).summary}`).join('; '),
    }),
  variant: z
    .enum(variants)
    .default('base')
    .meta({ title: 'Variant', description: 'Widths and depths; never the lookback' }),
  lookback: z
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .meta({ title: 'Lookback', description: 'Bars of the base timeframe in one input window' }),
  ...ownedOptions(models),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .meta({ title: 'Dropout', description: 'Share of activations set to zero while training' }),
});
export type ModelConfig = z.infer<typeof modelSchema>;

import { z } from 'zod';

export const architectures = ['mlp', 'tcn', 'gru'] as const;
export type Architecture = (typeof architectures)[number];
export const variants = ['base', 'medium', 'large'] as const;
export type Variant = (typeof variants)[number];

/** The network that maps one window to one number a task. */
export const modelSchema = z.strictObject({
  architecture: z.enum(architectures).default('mlp').meta({
    title: 'Architecture',
    description: 'mlp = dense layers on the flattened window; tcn = dilated causal convolutions; gru = recurrent',
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
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .meta({ title: 'Dropout', description: 'Share of activations set to zero while training' }),
});
export type ModelConfig = z.infer<typeof modelSchema>;

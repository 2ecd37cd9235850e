import { z } from 'zod';

export const architectures = ['mlp', 'tcn', 'gru', 'lstm', 'tsmixer', 'patchtst', 'dlinear', 'nlinear'] as const;
export type Architecture = (typeof architectures)[number];
export const variants = ['base', 'medium', 'large'] as const;
export type Variant = (typeof variants)[number];
const channelModes = ['mixing', 'independent'] as const;

/** The network that maps one window to one number a task. */
export const modelSchema = z.strictObject({
  architecture: z
    .enum(architectures)
    .default('mlp')
    .meta({
      title: 'Architecture',
      description:
        'mlp = dense layers on the flattened window; tcn = dilated causal convolutions; gru, lstm = recurrent; ' +
        'tsmixer = dense layers over time and over features in turn; patchtst = attention over patches of 16 bars; ' +
        'dlinear = linear on trend and rest; nlinear = linear on the distance to the last bar',
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
  channels: z
    .enum(channelModes)
    .default('mixing')
    .meta({
      title: 'Channels',
      description:
        'patchtst only: mixing = a patch holds all features; independent = each feature is a series of its own, ' +
        'at as many times the memory',
    }),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .meta({ title: 'Dropout', description: 'Share of activations set to zero while training' }),
});
export type ModelConfig = z.infer<typeof modelSchema>;

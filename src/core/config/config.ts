import { z } from 'zod';
import { type DataConfig, dataSchema } from './data.ts';
import { type FeaturesConfig, featuresSchema } from './features.ts';
import { type LossConfig, lossSchema } from './loss.ts';
import { type ModelConfig, modelSchema } from './model.ts';
import { type TargetsConfig, targetsSchema } from './targets.ts';
import { type TrainConfig, trainSchema } from './train.ts';

/** The six groups, in the order of the page. */
export const groups = ['data', 'features', 'targets', 'model', 'loss', 'train'] as const;
export type Group = (typeof groups)[number];

/** The whole configuration of a run as a file writes it: the only definition of its keys, defaults and ranges. */
export const configSchema = z.strictObject({
  data: dataSchema.prefault({}),
  features: featuresSchema.prefault({}),
  targets: targetsSchema.prefault({}),
  model: modelSchema.prefault({}),
  loss: lossSchema.prefault({}),
  train: trainSchema.prefault({}),
});

/** A complete configuration as code uses it: every default filled in, every task with its loss and weight. */
export interface Config {
  readonly data: DataConfig;
  readonly features: FeaturesConfig;
  readonly targets: TargetsConfig;
  readonly model: ModelConfig;
  readonly loss: LossConfig;
  readonly train: TrainConfig;
}

/** The groups of a configuration that can be worked with, whatever is wrong in the others; null for one that cannot. */
export type ConfigGroups = { readonly [Name in Group]: Config[Name] | null };

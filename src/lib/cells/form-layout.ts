import type { Group } from '#core/config/config.ts';
import type { Field } from '#core/config/fields.ts';
import type { ModelConfig } from '#core/config/model.ts';

/** Keys a person changes often stand first; the others wait under "More" until one of them is set. */
const primary: Readonly<Record<Group, readonly string[]>> = {
  data: ['source', 'split'],
  features: ['timeframes', 'scaler', 'calendar'],
  targets: ['horizon', 'tasks'],
  model: ['architecture', 'variant', 'lookback', 'dropout', 'channels'],
  loss: [],
  train: ['epochs', 'batch_size', 'seed', 'engine', 'optimizer', 'schedule', 'early_stopping'],
};

/** Whether a key means anything to a model: one that does not is shown only where the cell names it. */
export function concerns(field: Field, { architecture }: Pick<ModelConfig, 'architecture'>): boolean {
  return field.path.join('.') !== 'model.channels' || architecture === 'patchtst';
}

/** The fields of a cell in two parts, each in the order of the lists above, then of the schema. */
export function arrangeFields(
  group: Group,
  fields: readonly Field[],
): { readonly first: readonly Field[]; readonly more: readonly Field[] } {
  const rank = (field: Field) => primary[group].indexOf(field.path[1]);
  const first = fields.filter((field) => rank(field) >= 0).sort((a, b) => rank(a) - rank(b));
  return { first, more: fields.filter((field) => rank(field) < 0) };
}

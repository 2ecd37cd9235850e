import type { Group } from '#core/config/config.ts';
import type { Field } from '#core/config/fields.ts';
import { splitNames } from '#core/dataset/dataset.ts';
import { models } from '#core/models/registry.ts';
import { ownedOptions, readsOption } from '#core/owned-options.ts';
import { schedules } from '#core/schedules/registry.ts';
import type { Chosen } from '#lib/document/notebook-doc.svelte.ts';

/** Keys a person changes often stand first; the others wait under "More" until one of them is set. */
const primary: Readonly<Record<Group, readonly string[]>> = {
  data: ['source', 'columns', 'split'],
  features: ['timeframes', 'columns', 'scaler', 'calendar'],
  targets: ['horizon', 'tasks'],
  model: ['architecture', 'variant', 'lookback', 'dropout', ...Object.keys(ownedOptions(models))],
  loss: [],
  train: ['epochs', 'batch_size', 'seed', 'engine', 'optimizer', 'schedule', 'early_stopping'],
};

/**
 * The network, schedule or kind of split that is chosen, where a key means nothing to it: such a key is shown only where
 * the cell names it.
 */
export function findStranger({ path }: Field, { architecture, schedule, hasInstants }: Chosen): string | null {
  const key = path.at(-1) ?? '';
  switch (path.slice(0, -1).join('.')) {
    case 'model':
      return architecture === null || readsOption(models, architecture, key) ? null : architecture;
    case 'train.schedule':
      return schedule === null || readsOption(schedules, schedule, key) ? null : schedule;
    case 'data.split':
      return hasInstants && (splitNames as readonly string[]).includes(key) ? 'splits at given instants' : null;
    default:
      return null;
  }
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

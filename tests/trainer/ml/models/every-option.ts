import { groupFields } from '#core/config/fields.ts';
import { type Architecture, modelOf } from '#core/models/registry.ts';

/** What a network's own options may say: nothing, which means their defaults, and each other word that one takes. */
export function everyOption(architecture: Architecture): readonly Readonly<Record<string, string>>[] {
  const own = groupFields('model').filter(({ path }) => Object.hasOwn(modelOf(architecture).options, path[1]));
  const others = own.flatMap((field) =>
    field.kind === 'enum'
      ? field.options.filter((word) => word !== field.default).map((word) => ({ [field.path[1]]: word }))
      : [],
  );
  return [{}, ...others];
}

import type { z } from 'zod';
import { namesOf } from './names.ts';

/** Schemas of keys, each with a default, that the members of a registry add to one block of the configuration. */
export type OptionShape = Readonly<Record<string, z.ZodType>>;

/** The shape of a member that adds no keys. */
export type NoOptions = Readonly<Record<never, z.ZodType>>;

/** What such keys hold. */
export type OptionValues<Shape> = { readonly [Key in keyof Shape]: z.output<Shape[Key]> };

/** A registry in which each member declares the keys it adds. */
type Registry = Readonly<Record<string, { readonly options: OptionShape }>>;

/** A | B → A & B. */
type Joined<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * The keys that the members of a registry add, all together: in the configuration they stand side by side, and each says
 * whose it is. Members that share a key share its schema.
 */
export function ownedOptions<Members extends Registry>(members: Members): Joined<Members[keyof Members]['options']> {
  const shapes = namesOf(members).map((name) => {
    const owned = Object.entries(members[name].options).map(([key, schema]) => {
      const owners = namesOf(members).filter((other) => ownsOption(members, other, key));
      const { description = '', ...meta } = schema.meta() ?? {};
      return [key, schema.meta({ ...meta, description: `${owners.join(', ')} only: ${description}` })] as const;
    });
    return Object.fromEntries(owned);
  });
  return Object.assign({}, ...shapes);
}

/** Whether one member of a registry adds a key. */
function ownsOption<Members extends Registry>(members: Members, name: keyof Members, key: string): boolean {
  return Object.hasOwn(members[name].options, key);
}

/** Whether a key means anything to one member: it adds it, or no other does. */
export function readsOption<Members extends Registry>(members: Members, name: keyof Members, key: string): boolean {
  return ownsOption(members, name, key) || !namesOf(members).some((other) => ownsOption(members, other, key));
}

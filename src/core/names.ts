/** The keys of a registry, in its order. */
export function namesOf<Registry extends object>(registry: Registry): readonly (keyof Registry & string)[] {
  // Registries are literals: they have the keys of their type and no others.
  return Object.keys(registry) as (keyof Registry & string)[];
}

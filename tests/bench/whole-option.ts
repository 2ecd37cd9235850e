/** A whole number that a bench was given as an option. @throws where it is none, or less than `least`. */
export function wholeOption<Name extends string>(
  name: Name,
  values: Readonly<Record<Name, string>>,
  least = 1,
): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name}: expected a whole number from ${least}, received ${values[name]}`);
}

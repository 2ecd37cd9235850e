/** The other column that a column moves with most, either way. */
interface Companion {
  readonly name: string;
  readonly r: number;
}

/** Of each column the one it is most correlated with; null where it moves with none, or there is no other. */
export function companions(
  names: readonly string[],
  correlation: readonly (readonly (number | null)[])[],
): readonly (Companion | null)[] {
  return names.map((_, row) => {
    const known = names.flatMap((name, column) => {
      const r = correlation[row]?.[column];
      return column !== row && r !== null && r !== undefined ? [{ name, r }] : [];
    });
    return known.reduce<Companion | null>(
      (best, other) => (best === null || Math.abs(other.r) > Math.abs(best.r) ? other : best),
      null,
    );
  });
}

/**
 * p-values of several tests of which any may turn out small by chance, each made as large as the best of so many asks (S.
 * Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979): the k-th
 * smallest of m times m − k + 1, never below the one before it nor above 1.
 */
export function holm(p: readonly number[]): readonly number[] {
  const order = p.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const adjusted = [...p];
  let least = 0;
  for (const [rank, { value, at }] of order.entries()) {
    least = Math.min(1, Math.max(least, value * (p.length - rank)));
    adjusted[at] = least;
  }
  return adjusted;
}

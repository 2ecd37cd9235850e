/** Distances whose divisors are tried. */
const mostTried = 20;
/** A divisor that nearly all share: a stray row spoils the two distances about it. */
const nearlyAll = 0.99;

/** The commonest of `size` values; of equally common ones the smallest. */
export function commonest(size: number, value: (index: number) => number): number {
  let best = NaN;
  let most = 0;
  for (const [key, count] of countValues(size, value)) {
    if (count > most || (count === most && key < best)) {
      best = key;
      most = count;
    }
  }
  return best;
}

/** The largest multiple of `unit` that divides 99 % of the distances, found among divisors of the commonest ones. */
export function commonDivisor(size: number, distance: (index: number) => number, unit: number): number | undefined {
  const counts = [...countValues(size, distance)].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const tried = counts.slice(0, mostTried).map(([value]) => value);
  const candidates = new Set(tried.flatMap((a) => tried.map((b) => divisorOf(a, b))));
  candidates.add(tried.reduce(divisorOf));
  const shared = (by: number): number =>
    counts.reduce((sum, [value, count]) => sum + (value % by === 0 ? count : 0), 0);
  return [...candidates]
    .filter((by) => by % unit === 0)
    .sort((a, b) => b - a)
    .find((by) => shared(by) >= nearlyAll * size);
}

/** The greatest common divisor of two whole numbers above zero. */
export function divisorOf(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** The remainder, from 0 to below `by`, of whole numbers below zero too; for whole ones this is exact, and faster than `%`. */
export function modulo(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

function countValues(size: number, value: (index: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  // Neighbours are mostly alike, and a map is slow: runs of one value are counted as one.
  let [run, length] = [NaN, 0];
  const close = (): void => {
    if (length > 0) counts.set(run, (counts.get(run) ?? 0) + length);
  };
  for (let i = 0; i < size; i++) {
    const at = value(i);
    if (at === run) length++;
    else {
      close();
      [run, length] = [at, 1];
    }
  }
  close();
  return counts;
}

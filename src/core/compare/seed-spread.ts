import type { SeedRuns } from '#core/api/run-diff.ts';
import { nextSeed } from '#core/run/next-seed.ts';
import { sampleSpread } from '#core/sample-spread.ts';

type Spread = SeedRuns['spread'];

/** Fewer runs than these say little of how a score varies with the seed. */
const wantedSeeds = 3;

/** How much the scores of runs that differ by their seed alone vary: by metric, where two of them have it at least. */
export function spreadOf(runs: readonly Readonly<Record<string, number>>[]): Spread {
  const metrics = new Set(runs.flatMap((scores) => Object.keys(scores)));
  return Object.fromEntries(
    [...metrics].flatMap((metric) => {
      const values = runs.flatMap((scores) => (Number.isFinite(scores[metric]) ? [scores[metric]] : []));
      const { sd, n } = sampleSpread(values);
      return sd === null ? [] : [[metric, { sd, n }]];
    }),
  );
}

/**
 * Whether a difference of two runs is no more than what two other seeds of them would show: within two deviations of the
 * difference of one run each. Where the spread of one alone is known, the other is taken to vary as much. Null where that
 * of neither is.
 */
export function isWithinSeeds(difference: number, metric: string, base: Spread, run: Spread): boolean | null {
  const [one, other] = [base[metric]?.sd ?? run[metric]?.sd, run[metric]?.sd ?? base[metric]?.sd];
  if (one === undefined || other === undefined || !Number.isFinite(difference)) return null;
  return Math.abs(difference) <= 2 * Math.hypot(one, other);
}

/** The smallest seeds that nobody has tried yet, as many as make three runs. */
export function missingSeeds(tried: readonly number[]): readonly number[] {
  const missing: number[] = [];
  while (tried.length + missing.length < wantedSeeds) missing.push(nextSeed([...tried, ...missing]));
  return missing;
}

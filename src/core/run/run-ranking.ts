import { fromEventNumber } from './event.ts';
import type { RunSummary } from './summary.ts';

/** A run with the values of its selected checkpoint. */
export interface Selected {
  readonly metrics: Pick<RunSummary['metrics'], 'best'>;
}
type Scored = Pick<RunSummary, 'id' | 'evaluation'> & Selected;

/** Key of the rows that a run is ranked on; null where they are not known, so that it is ranked with no other. */
export function rankingKey({ evaluation }: Pick<RunSummary, 'evaluation'>): string | null {
  return evaluation?.validation.key ?? null;
}

/** Share of the rows that another run was scored on, below which two scores are not held against each other. */
const leastShare = 0.8;

/** Whether two runs may be scored on the same instants and labels; warm-up, lookback and gaps take some from each. */
export function isRankedTogether(one: Pick<RunSummary, 'evaluation'>, other: Pick<RunSummary, 'evaluation'>): boolean {
  const key = rankingKey(one);
  return key !== null && key === rankingKey(other);
}

/** A metric of the selected checkpoint, also where it is not finite; null where the run has none. */
export function selectedMetric({ metrics }: Selected, name: string): number | null {
  const value = metrics.best[name];
  return value === undefined ? null : fromEventNumber(value);
}

/** Rows that a run's validation scores are of; null before its result, and in runs of older versions. */
export function scoredRows({ metrics }: Selected): number | null {
  const rows = (selectedMetric({ metrics }, 'val.n') ?? NaN) + (selectedMetric({ metrics }, 'val.excluded') ?? NaN);
  return Number.isFinite(rows) ? rows : null;
}

/** Whether features, lookback and gaps took so many of the rows of its key that a run is not held against one with all. */
export function isScoredThinly({ evaluation, metrics }: Pick<RunSummary, 'evaluation'> & Selected): boolean {
  const rows = scoredRows({ metrics });
  return rows !== null && evaluation !== null && rows < leastShare * evaluation.validation.rows;
}

/** Whether features, lookback and gaps left two runs of one key about as many rows to be scored on. */
export function isScoredAlike(one: Selected, other: Selected): boolean {
  const [rows, others] = [scoredRows(one), scoredRows(other)];
  return rows === null || others === null || Math.min(rows, others) >= leastShare * Math.max(rows, others);
}

/** How much more a run's metric is than another's; null where one has none, or their rows are not the same. */
export function metricDifference(one: Scored, other: Scored, name: string): number | null {
  if (!isRankedTogether(one, other) || !isScoredAlike(one, other)) return null;
  const difference = (selectedMetric(one, name) ?? NaN) - (selectedMetric(other, name) ?? NaN);
  return Number.isFinite(difference) ? difference : null;
}

/**
 * Ids of the runs with the highest value among those of their rows, of which there are two at least. Of a key, those count
 * that are scored on about as many rows as the one with the most.
 */
export function highestRuns(runs: readonly Scored[], name: string): ReadonlySet<string> {
  const scored = runs.filter((run) => rankingKey(run) !== null && Number.isFinite(selectedMetric(run, name)));
  const groups = Map.groupBy(scored, rankingKey);
  return new Set(
    [...groups.values()].flatMap((all) => {
      const widest = all.reduce((most, run) => ((scoredRows(run) ?? 0) > (scoredRows(most) ?? 0) ? run : most));
      const group = all.filter((run) => isScoredAlike(run, widest));
      if (group.length < 2) return [];
      const highest = Math.max(...group.map((run) => selectedMetric(run, name) ?? NaN));
      return group.filter((run) => selectedMetric(run, name) === highest).map(({ id }) => id);
    }),
  );
}

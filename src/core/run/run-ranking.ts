import { fromEventNumber } from './event.ts';
import type { RunSummary } from './summary.ts';

type Scored = Pick<RunSummary, 'id' | 'evaluation' | 'metrics'>;

/** Key of the rows that a run is ranked on; null where they are not known, so that it is ranked with no other. */
export function rankingKey({ evaluation }: Pick<RunSummary, 'evaluation'>): string | null {
  return evaluation?.validation.key ?? null;
}

/** Whether the validation scores of two runs are of the same instants and labels. */
export function isRankedTogether(one: Pick<RunSummary, 'evaluation'>, other: Pick<RunSummary, 'evaluation'>): boolean {
  const key = rankingKey(one);
  return key !== null && key === rankingKey(other);
}

/** A metric of the selected checkpoint, also where it is not finite; null where the run has none. */
export function selectedMetric({ metrics }: Pick<RunSummary, 'metrics'>, name: string): number | null {
  const value = metrics.best[name];
  return value === undefined ? null : fromEventNumber(value);
}

/** How much more a run's metric is than another's; null where both have none, or rows that are not the same. */
export function metricDifference(one: Scored, other: Scored, name: string): number | null {
  if (!isRankedTogether(one, other)) return null;
  const difference = (selectedMetric(one, name) ?? NaN) - (selectedMetric(other, name) ?? NaN);
  return Number.isFinite(difference) ? difference : null;
}

/** Ids of the runs with the highest value among those of their rows, of which there are two at least. */
export function highestRuns(runs: readonly Scored[], name: string): ReadonlySet<string> {
  const scored = runs.filter((run) => rankingKey(run) !== null && Number.isFinite(selectedMetric(run, name)));
  const groups = Map.groupBy(scored, rankingKey);
  return new Set(
    [...groups.values()].flatMap((group) => {
      if (group.length < 2) return [];
      const highest = Math.max(...group.map((run) => selectedMetric(run, name) ?? NaN));
      return group.filter((run) => selectedMetric(run, name) === highest).map(({ id }) => id);
    }),
  );
}

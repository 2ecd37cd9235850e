import type { ScoredRun, SharedScores } from '#core/api/shared-scores.ts';

/** Runs in the order chosen; where not all are comparable only the edge ranks them, the highest first. */
export function orderScored({ runs, comparable }: Pick<SharedScores, 'runs' | 'comparable'>): readonly ScoredRun[] {
  if (comparable) return runs;
  const edgeOf = ({ edge }: ScoredRun) => edge?.value ?? -Infinity;
  return [...runs].sort((a, b) => (edgeOf(a) === edgeOf(b) ? 0 : edgeOf(b) - edgeOf(a)));
}

import type { Kysely } from 'kysely';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import { countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { unusable } from './forecast-files.ts';
import { inScoreThread, mostForecastBytes } from './in-score-thread.ts';
import { readTargets } from './run-targets.ts';
import type { RunToScore } from './score-files.ts';

/**
 * Validation scores of these runs on the rows that all of them predicted, from their stored predictions. Test rows,
 * which older runs keep in the same file, are left out.
 * @throws AppError state_conflict where a run has no predictions, too_large where the files are together.
 */
export async function scoreRuns(
  { db, runsFolder }: { readonly db: Kysely<Database>; readonly runsFolder: string },
  runs: readonly StoredRun[],
  most: number = mostForecastBytes,
): Promise<SharedScores> {
  const keys = runs.flatMap((run) => rankingKey(run.view) ?? []);
  const tried = await countRunsOn(db, keys);
  return inScoreThread('scores', { runsFolder, runs: runs.map(toScore), most, tried });
}

function toScore(run: StoredRun): RunToScore {
  const { id, number, name, status, view } = run;
  const targets = readTargets(run);
  if (targets === null) throw unusable(number, 'its configuration has no targets that this version knows.');
  const { edge = null, baselines } = view.results['validation'] ?? {};
  const majority = fromEventNumber(baselines?.['majority']?.['da'] ?? 'NaN');
  return { id, number, name, status, ...targets, majority, edge };
}

import { Worker } from 'node:worker_threads';
import type { Kysely } from 'kysely';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { targetsSchema } from '#core/config/targets.ts';
import { AppError } from '#core/error.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import { countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { type RunToScore, type ScoreAnswer, type ScoreRequest, unusable } from './score-files.ts';
import { Turns } from './turns.ts';

/** All files together: about four million rows of one task. */
const mostBytes = 256 * 1024 * 1024;

/** One thread at a time: each may need as much memory as its files and more. */
const turns = new Turns();

/**
 * Validation scores of these runs on the rows that all of them predicted, from their stored predictions. Test rows,
 * which older runs keep in the same file, are left out. Read and scored in a thread of its own: millions of rows take
 * seconds.
 * @throws AppError state_conflict where a run has no predictions, too_large where the files are together.
 */
export async function scoreRuns(
  { db, runsFolder }: { readonly db: Kysely<Database>; readonly runsFolder: string },
  runs: readonly StoredRun[],
  most: number = mostBytes,
): Promise<SharedScores> {
  const keys = runs.flatMap((run) => rankingKey(run.view) ?? []);
  const request = { runsFolder, runs: runs.map(toScore), most, tried: await countRunsOn(db, keys) };
  return turns.take('score', () => scoreInThread(request));
}

function toScore({ id, number, name, status, config, view }: StoredRun): RunToScore {
  const targets = targetsSchema.safeParse(config['targets']).data;
  if (targets === undefined) throw unusable(number, 'its configuration has no targets that this version knows.');
  const { edge = null, baselines } = view.results['validation'] ?? {};
  const majority = fromEventNumber(baselines?.['majority']?.['da'] ?? 'NaN');
  const kinds = new Map(Object.entries(targets.tasks).map(([task, { kind }]) => [task, kind]));
  return { id, number, name, status, kinds, horizon: targets.horizon, majority, edge };
}

function scoreInThread(request: ScoreRequest): Promise<SharedScores> {
  return new Promise((done, failed) => {
    const thread = new Worker(new URL('./score-thread.ts', import.meta.url), { workerData: request, execArgv: [] });
    thread.once('message', (answer: ScoreAnswer) => {
      if ('scores' in answer) done(answer.scores);
      else failed(new AppError(answer.error.code, answer.error.message));
    });
    thread.once('error', failed);
    thread.once('exit', (code) => failed(new Error(`The thread that scores runs ended with ${code}.`)));
  });
}

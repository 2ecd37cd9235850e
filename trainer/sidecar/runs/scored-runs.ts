import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { targetsSchema } from '#core/config/targets.ts';
import { countWords } from '#core/count-words.ts';
import { AppError } from '#core/error.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { runFiles } from '#core/run/run-files.ts';
import { type Forecasts, ForecastReader } from '#core/shared-rows/forecasts.ts';
import { type ForecastedRun, scoreSharedRows } from '#core/shared-rows/score.ts';
import { readLines } from '#trainer/run-folder/log-lines.ts';
import { openRunFile } from '#trainer/run-folder/open-file.ts';
import { countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** All files together: about four million rows of one task. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Validation scores of these runs on the rows that all of them predicted, from their stored predictions. Test rows,
 * which older runs keep in the same file, are left out.
 * @throws AppError state_conflict where a run has no predictions, too_large where the files are together.
 */
export async function scoreRuns(
  { db, runsFolder }: { readonly db: Kysely<Database>; readonly runsFolder: string },
  runs: readonly StoredRun[],
  most: number = mostBytes,
): Promise<SharedScores> {
  let left = most;
  const claim = (bytes: number) => {
    left -= bytes;
    if (left >= 0) return;
    const limit = countWords(Math.floor(most / 1024 / 1024), 'MiB', { many: 'MiB' });
    throw new AppError('too_large', `The predictions of these runs have more than ${limit} together: choose fewer.`);
  };
  const forecasted: ForecastedRun[] = [];
  for (const run of runs) {
    const { id, number, name, view } = run;
    const { edge = null, baselines } = view.results['validation'] ?? {};
    const majority = fromEventNumber(baselines?.['majority']?.['da'] ?? 'NaN');
    forecasted.push({ id, number, name, ...(await readForecasts(runsFolder, run, claim)), majority, edge });
  }
  const keys = runs.flatMap((run) => rankingKey(run.view) ?? []);
  return scoreSharedRows(forecasted, await countRunsOn(db, keys));
}

/** @param claim told of the size of the file before it is read; throws where that is too much. */
async function readForecasts(
  runsFolder: string,
  run: StoredRun,
  claim: (bytes: number) => void,
): Promise<Pick<ForecastedRun, 'forecasts' | 'kinds' | 'horizon'>> {
  const label = `R${run.number}`;
  const targets = targetsSchema.safeParse(run.config['targets']).data;
  if (targets === undefined) throw unusable(label, 'its configuration has no targets that this version knows.');
  const kinds = new Map(Object.entries(targets.tasks).map(([name, { kind }]) => [name, kind]));
  const file = await openRunFile(join(runsFolder, run.id), runFiles.predictions).catch(() => {
    const why = run.status === 'completed' ? 'its predictions.csv is not there' : `it is ${run.status}`;
    throw new AppError('state_conflict', `${label} has no predictions: ${why}. Compare runs that were completed.`);
  });
  try {
    claim(file.bytes);
    const forecasts = await read(file.handle, [...kinds.keys()]).catch((error: unknown) => {
      throw unusable(label, error instanceof Error ? error.message : String(error));
    });
    return { forecasts, kinds, horizon: targets.horizon };
  } finally {
    await file.handle.close();
  }
}

async function read(handle: Parameters<typeof readLines>[0], tasks: readonly string[]): Promise<Forecasts> {
  let reader: ForecastReader | null = null;
  for (let at = 0; ;) {
    const { lines, next } = await readLines(handle, at);
    if (next === at) break;
    for (const { text } of lines) {
      if (text === null) throw new Error('A line is longer than a row of predictions can be.');
      if (reader === null) reader = new ForecastReader(text, tasks, 'validation');
      else reader.take(text);
    }
    at = next;
  }
  if (reader === null) throw new Error('It is empty.');
  return reader.forecasts;
}

function unusable(label: string, why: string): AppError {
  return new AppError('state_conflict', `The predictions of ${label} cannot be read: ${why}`);
}

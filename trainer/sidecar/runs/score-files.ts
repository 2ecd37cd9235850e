import { join } from 'node:path';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { countWords } from '#core/count-words.ts';
import { AppError, type ErrorCode } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import type { RunState } from '#core/run/state.ts';
import { type Forecasts, ForecastReader } from '#core/shared-rows/forecasts.ts';
import { type ForecastedRun, scoreSharedRows } from '#core/shared-rows/score.ts';
import { readLines } from '#trainer/run-folder/log-lines.ts';
import { openRunFile } from '#trainer/run-folder/open-file.ts';

/** A run of which the forecasts are still to be read. */
export interface RunToScore extends Omit<ForecastedRun, 'forecasts'> {
  readonly status: RunState;
}

export interface ScoreRequest {
  readonly runsFolder: string;
  readonly runs: readonly RunToScore[];
  /** Bytes that the files may have together. */
  readonly most: number;
  /** Runs that were made on these rows. */
  readonly tried: number;
}

/** What the thread answers. */
export type ScoreAnswer =
  { readonly scores: SharedScores } | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** @throws AppError as scoreRuns does. */
export async function scoreFiles({ runsFolder, runs, most, tried }: ScoreRequest): Promise<SharedScores> {
  let left = most;
  const claim = (bytes: number) => {
    left -= bytes;
    if (left >= 0) return;
    const limit = countWords(Math.floor(most / 1024 / 1024), 'MiB', { many: 'MiB' });
    throw new AppError('too_large', `The predictions of these runs have more than ${limit} together: choose fewer.`);
  };
  const forecasted: ForecastedRun[] = [];
  for (const run of runs) forecasted.push({ ...run, forecasts: await readForecasts(runsFolder, run, claim) });
  return scoreSharedRows(forecasted, tried);
}

/** @param claim told of the size of the file before it is read; throws where that is too much. */
async function readForecasts(
  runsFolder: string,
  { id, number, status, kinds }: RunToScore,
  claim: (bytes: number) => void,
): Promise<Forecasts> {
  const file = await openRunFile(join(runsFolder, id), runFiles.predictions).catch(() => {
    const why = status === 'completed' ? 'its predictions.csv is not there' : `it is ${status}`;
    throw new AppError('state_conflict', `R${number} has no predictions: ${why}. Compare runs that were completed.`);
  });
  try {
    claim(file.bytes);
    return await read(file.handle, [...kinds.keys()]).catch((error: unknown) => {
      throw unusable(number, error instanceof Error ? error.message : String(error));
    });
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

export function unusable(number: number, why: string): AppError {
  return new AppError('state_conflict', `The predictions of R${number} cannot be read: ${why}`);
}

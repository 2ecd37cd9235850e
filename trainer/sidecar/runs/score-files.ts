import type { SharedScores } from '#core/api/shared-scores.ts';
import { type ForecastedRun, scoreSharedRows } from '#core/shared-rows/score.ts';
import { claimOf, readForecasts, type RunToRead } from './forecast-files.ts';

/** A run of which the forecasts are still to be read. */
export type RunToScore = Omit<ForecastedRun, 'forecasts'> & RunToRead;

interface ScoreRequest {
  readonly runsFolder: string;
  readonly runs: readonly RunToScore[];
  /** Bytes that the files may have together. */
  readonly most: number;
  /** Runs that were made on these rows. */
  readonly tried: number;
}

/** @throws AppError as scoreRuns does. */
export async function scoreFiles({ runsFolder, runs, most, tried }: ScoreRequest): Promise<SharedScores> {
  const claim = claimOf(most);
  const forecasted: ForecastedRun[] = [];
  for (const run of runs) {
    forecasted.push({ ...run, forecasts: await readForecasts(runsFolder, run, 'validation', claim) });
  }
  return scoreSharedRows(forecasted, tried);
}

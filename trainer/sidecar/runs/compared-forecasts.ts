import { join } from 'node:path';
import type { DiffForecasts } from '#core/api/run-diff.ts';
import { dataSchema } from '#core/config/data.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { unusable } from './forecast-files.ts';
import { inScoreThread, mostForecastBytes } from './in-score-thread.ts';
import { readBars } from './parent-bars.ts';
import { readTargets } from './run-targets.ts';
import { readSurroundings } from './run-surroundings.ts';

interface ForecastSources {
  readonly runsFolder: string;
  /** Folders that data may come from. */
  readonly roots: readonly string[];
}

/**
 * What these runs, the first of which is the base, said of validation over the price.
 * @throws AppError state_conflict where the base has no predictions, too_large where those of all are together.
 */
export async function compareForecasts(
  { runsFolder, roots }: ForecastSources,
  runs: readonly StoredRun[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<DiffForecasts> {
  const told = await Promise.all(
    runs.map(async (run) => {
      const { id, number, status } = run;
      const targets = readTargets(run);
      if (targets === null) throw unusable(number, 'its configuration has no targets that this version knows.');
      const { fingerprint } = await readSurroundings(runsFolder, id);
      return { id, number, status, ...targets, fingerprint };
    }),
  );
  const bars = await readBars(join(runsFolder, runs[0].id));
  const data = dataSchema.safeParse(runs[0].config['data']).data;
  return inScoreThread('forecasts', {
    runsFolder,
    runs: told,
    source: data === undefined ? null : { data, fingerprint: told[0].fingerprint, kept: bars?.content ?? null },
    ...{ roots, from, to, most: mostForecastBytes },
  });
}

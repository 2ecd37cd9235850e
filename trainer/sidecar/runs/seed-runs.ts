import type { Kysely } from 'kysely';
import type { SeedRuns } from '#core/api/run-diff.ts';
import { missingSeeds, spreadOf } from '#core/compare/seed-spread.ts';
import { valueAt } from '#core/config/document.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { isFinal, isLive } from '#core/run/state.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { runsOfOtherSeeds } from '#trainer/sidecar/db/seed-rows.ts';
import { readSurroundings, type Surroundings } from './run-surroundings.ts';

/**
 * Runs that differ from this one by their seed alone: of the same configuration, data, start and version of the program,
 * completed or on their way; of several with one seed the newest.
 */
export async function readSeeds(
  db: Kysely<Database>,
  runsFolder: string,
  run: StoredRun,
  around: Surroundings,
): Promise<SeedRuns> {
  const alike = await runsOfOtherSeeds(db, run);
  const kept = await Promise.all(
    alike.map(async (other) => {
      if (other.id === run.id) return other;
      if (other.status === 'queued' || isLive(other.status)) return other;
      if (!isFinal(other.status)) return null;
      const own = await readSurroundings(runsFolder, other.id);
      const isSame =
        own.fingerprint === around.fingerprint &&
        own.start === around.start &&
        own.code === around.code &&
        own.environment?.version === around.environment?.version;
      return isSame ? other : null;
    }),
  );
  const bySeed = new Map(
    kept.flatMap((one) =>
      one === null || (seedOf(one) === seedOf(run) && one.id !== run.id) ? [] : [[seedOf(one), one]],
    ),
  );
  const runs = [...bySeed.values()].sort((a, b) => a.number - b.number);
  // Weights that were taken from another run are not drawn by a seed.
  const isRepeatable = isFinal(run.status) && around.start === 'random';
  const { startedAt, finishedAt } = run.view;
  return {
    runs: runs.map((one) => ({ id: one.id, number: one.number, seed: seedOf(one), status: one.status })),
    spread: spreadOf(runs.filter(({ status }) => isFinal(status)).map(validationScores)),
    missing: isRepeatable ? missingSeeds([...bySeed.keys()]) : [],
    seconds: startedAt === null || finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
  };
}

function seedOf({ config }: StoredRun): number {
  return Number(valueAt(config, ['train', 'seed']) ?? NaN);
}

function validationScores({ view }: StoredRun): Readonly<Record<string, number>> {
  const { metrics = {} } = view.results['validation'] ?? {};
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, fromEventNumber(value)]));
}

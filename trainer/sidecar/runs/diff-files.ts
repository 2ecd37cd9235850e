import type { SplitScores } from '#core/api/run-diff.ts';
import { type DiffedRun, splitScores } from '#core/compare/split-scores.ts';
import type { ScoredSplit } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { type Claim, claimOf, readForecasts, type RunToRead } from './forecast-files.ts';

/** A run to be scored against others, of which the forecasts are still to be read. */
export type RunToDiff = Omit<DiffedRun, 'forecasts'> & RunToRead;

interface DiffRequest {
  readonly runsFolder: string;
  /** The first is the base. */
  readonly runs: readonly RunToDiff[];
  readonly splits: readonly ScoredSplit[];
  /** Bytes that the files may have together. */
  readonly most: number;
}

/** Scores of the splits that were asked for. */
type DiffedSplits = Readonly<Partial<Record<ScoredSplit, SplitScores>>>;

/**
 * A run whose predictions are not there keeps no other from its scores.
 * @throws AppError too_large.
 */
export async function diffFiles({ runsFolder, runs, splits, most }: DiffRequest): Promise<DiffedSplits> {
  const claim = claimOf(most);
  const scored: Partial<Record<ScoredSplit, SplitScores>> = {};
  for (const split of splits) scored[split] = await diffSplit(runsFolder, runs, split, claim);
  return scored;
}

async function diffSplit(
  runsFolder: string,
  runs: readonly RunToDiff[],
  split: ScoredSplit,
  claim: Claim,
): Promise<SplitScores> {
  const read: DiffedRun[] = [];
  const unread = new Map<string, string>();
  for (const run of runs) {
    try {
      read.push({ ...run, forecasts: await readForecasts(runsFolder, run, split, claim) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'state_conflict') throw error;
      unread.set(run.id, error.message);
    }
  }
  const [base, ...others] = runs;
  const ofBase = unread.get(base.id);
  const scores = ofBase === undefined && read.length > 1 ? splitScores(read) : noScores([...unread.values()].join(' '));
  return {
    ...scores,
    runs: others.map(({ id }) => {
      const rows = read.find((run) => run.id === id)?.forecasts.time.length ?? 0;
      const withheld = { id, rows, reason: ofBase ?? unread.get(id) ?? null, same: false, scores: [] };
      return scores.runs.find((run) => run.id === id) ?? withheld;
    }),
  };
}

/** The answer where nothing can be scored. */
export function noScores(reason: string): SplitScores {
  return { reason, n: 0, nEff: 0, from: null, to: null, base: {}, runs: [], notes: [] };
}

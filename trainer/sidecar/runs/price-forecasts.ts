import type { DiffForecasts } from '#core/api/run-diff.ts';
import { whyNotBeside, type DiffedRun } from '#core/compare/split-scores.ts';
import { forecastsBeside, type KnownCloses } from '#core/compare/side-by-side-forecasts.ts';
import { type Bars, closingTimes } from '#core/bars/bars.ts';
import { AppError } from '#core/error.ts';
import { loadBars, type LoadConfig } from '#trainer/data/load.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import { claimOf, readForecasts } from './forecast-files.ts';
import type { RunToDiff } from './diff-files.ts';

/** What a run read its prices from. */
interface PriceSource {
  readonly data: LoadConfig;
  /** sha256 of the bytes that it read. */
  readonly fingerprint: string | null;
  /** Its bars, where they were kept. */
  readonly kept: string | null;
}

interface ForecastRequest {
  readonly runsFolder: string;
  /** The first is the base. */
  readonly runs: readonly (RunToDiff & { readonly fingerprint: string | null })[];
  /** Of the base; null where its configuration does not say. */
  readonly source: PriceSource | null;
  /** Folders that data may come from. */
  readonly roots: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Bytes that the predictions may have together. */
  readonly most: number;
}

/** Values over all runs that one answer holds: some megabytes of JSON. */
const mostValues = 120_000;

/**
 * What runs said over the price of their base. A run of other prices is not drawn over these.
 * @throws AppError state_conflict where the base has no predictions, too_large.
 */
export async function readForecastsBeside(request: ForecastRequest): Promise<DiffForecasts> {
  const { runsFolder, runs, from, to, most } = request;
  const claim = claimOf(most);
  const [base, ...others] = runs;
  const own: DiffedRun = { ...base, forecasts: await readForecasts(runsFolder, base, 'validation', claim) };
  const shown: DiffedRun[] = [own];
  const left: { id: string; reason: string }[] = [];
  for (const run of others) {
    try {
      const read: DiffedRun = { ...run, forecasts: await readForecasts(runsFolder, run, 'validation', claim) };
      // Another horizon is no other price.
      const isSamePrice = run.fingerprint !== null && run.fingerprint === base.fingerprint;
      const reason = isSamePrice ? null : whyNotBeside(own, read);
      if (reason === null) shown.push(read);
      else left.push({ id: run.id, reason });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'state_conflict') throw error;
      left.push({ id: run.id, reason: error.message });
    }
  }
  const { closes, noPrice } = await readCloses(request);
  return { ...forecastsBeside(shown, closes, { from, to, most: mostValues }), left, noPrice };
}

/** The prices that the base was trained on: those that were kept, else of the file while that is still what it read. */
async function readCloses({
  runsFolder,
  source,
  roots,
}: ForecastRequest): Promise<{ readonly closes: KnownCloses | null; readonly noPrice: string | null }> {
  if (source === null) return { closes: null, noPrice: 'Its configuration does not say where its prices are.' };
  const closesOf = (bars: Bars) => ({ closes: { time: closingTimes(bars), close: bars.close }, noPrice: null });
  // Bars that are gone or damaged are no loss while the file is there.
  const kept = source.kept === null ? null : await new KeptBars(runsFolder).read(source.kept).catch(() => null);
  if (kept !== null) return closesOf(kept.bars);
  try {
    const { bars, fingerprint } = await loadBars(source.data, { roots });
    if (source.fingerprint !== null && fingerprint !== source.fingerprint) {
      return { closes: null, noPrice: `${source.data.source} has changed since the run read it.` };
    }
    return closesOf(bars);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { closes: null, noPrice: error.message };
  }
}

import { join } from 'node:path';
import type { RunBars } from '#core/api/run-bars.ts';
import type { Inspection } from '#core/bars/inspection.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { DataConfig } from '#core/config/data.ts';
import { parseConfig } from '#core/config/config-file.ts';
import { AppError } from '#core/error.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { readBars } from './parent-bars.ts';

type Inspect = (data: DataConfig, columns: readonly string[]) => Promise<Inspection>;

/** What a fork of a run can be trained on. @throws AppError state_conflict while too many sources are being read */
export async function readRunBars(run: StoredRun, runsFolder: string, inspect: Inspect): Promise<RunBars> {
  const bars = new KeptBars(runsFolder);
  const named = await readBars(join(runsFolder, run.id));
  const bytes = named && (await bars.find(named.content));
  const facts = named && bytes !== null ? await bars.readFacts(named.content).catch(() => null) : null;
  const kept =
    named && facts && bytes !== null
      ? { bars: facts.report.bars, last: facts.report.last, readAt: named.readAt, bytes }
      : null;
  return { kept, today: await readToday(run, facts, inspect) };
}

async function readToday(
  run: StoredRun,
  facts: { readonly report: CleaningReport; readonly fingerprint: string } | null,
  inspect: Inspect,
): Promise<RunBars['today']> {
  const unreadable = (reason: string) => ({ state: 'unreadable', bars: null, last: null, more: null, reason }) as const;
  const { config } = parseConfig(run.config);
  if (config === null) return unreadable('the configuration of the run is of another version');
  try {
    const { report, fingerprint } = await inspect(config.data, Object.keys(config.features.columns));
    const { bars, last } = report;
    const state = fingerprint === facts?.fingerprint ? 'same' : 'changed';
    return { state, bars, last, more: facts === null ? null : bars - facts.report.bars, reason: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'state_conflict') throw error;
    return unreadable(error.message);
  }
}

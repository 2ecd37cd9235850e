import { join } from 'node:path';
import { z } from 'zod';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { stepRecordSchema } from '#core/steps/step-record.ts';
import { keptBarsSchema, readFrozenRun, readFrozenSource } from '#trainer/run-folder/frozen.ts';
import { comparisonsOf } from '#trainer/sidecar/db/comparison-rows.ts';
import { childrenOf, countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import { toSummary } from './describe-run.ts';
import { readEnvelope } from './envelope.ts';
import { isSealed } from './seal.ts';
import { withoutTestBalance } from './sealed-files.ts';
import { readStanding, type StandingSources } from './standing.ts';

/** All of a run that its page shows; what cannot be read of its folder is left empty. */
export async function readDetail(
  sources: StandingSources & { readonly runsFolder: string },
  run: StoredRun,
): Promise<RunDetail> {
  const { db, runsFolder } = sources;
  const folder = join(runsFolder, run.id);
  const key = rankingKey(run.view);
  const reading = readStanding(sources);
  const [standing, children, comparisons, envelope, tried, record, source, report] = await Promise.all([
    reading,
    childrenOf(db, run.id),
    comparisonsOf(db, run.id),
    reading.then(({ opened }) => readEnvelope(db, run, opened)),
    countRunsOn(db, key === null ? [] : [key]),
    readFrozenRun(folder)
      .then(({ record }) => record)
      .catch(() => null),
    readFrozenSource(folder).catch(() => ''),
    readPlainFile(join(folder, runFiles.data))
      .then(JSON.parse)
      .catch(() => null) as Promise<unknown>,
  ]);
  const dataReport = isSealed(run) ? withoutTestBalance(report).report : report;
  return {
    ...toSummary(run, standing),
    config: run.config,
    concludedAt: run.concludedAt,
    notes: run.notes,
    prose: run.prose,
    overrides: run.overrides,
    lastSeq: run.view.lastSeq,
    ...{ children, comparisons, envelope, tried, source, dataReport },
    from: record?.from ?? null,
    steps: reportedSteps.safeParse(report).data?.cache ?? [],
    bars: await describeBars(runsFolder, report, record?.bars !== undefined),
  };
}

const reportedSteps = z.object({ cache: z.array(stepRecordSchema) });

async function describeBars(runsFolder: string, report: unknown, ofParent: boolean): Promise<RunDetail['bars']> {
  const bars = z.object({ bars: keptBarsSchema }).safeParse(report).data?.bars;
  if (bars === undefined) return null;
  const kept = (await new KeptBars(runsFolder).find(bars.content)) !== null;
  return { from: ofParent ? 'parent' : 'file', readAt: bars.readAt, kept };
}

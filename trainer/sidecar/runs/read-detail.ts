import { join } from 'node:path';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { readFrozenRun, readFrozenSource } from '#trainer/run-folder/frozen.ts';
import { childrenOf, countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
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
  const [standing, children, envelope, tried, from, source, report] = await Promise.all([
    reading,
    childrenOf(db, run.id),
    reading.then(({ opened }) => readEnvelope(db, run, opened)),
    countRunsOn(db, key === null ? [] : [key]),
    readFrozenRun(folder)
      .then(({ record }) => record.from ?? null)
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
    ...{ children, envelope, tried, from, source, dataReport },
  };
}

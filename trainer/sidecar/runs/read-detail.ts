import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { readFrozenRun, readFrozenSource } from '#trainer/run-folder/frozen.ts';
import { childrenOf, countRunsOn, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { toSummary } from './describe-run.ts';
import type { Indexer } from './indexer.ts';
import { readEnvelope } from './envelope.ts';
import { isSealed } from './seal.ts';
import { withoutTestBalance } from './sealed-files.ts';
import { readStanding } from './standing.ts';

/** All of a run that its page shows; what cannot be read of its folder is left empty. */
export async function readDetail(
  {
    db,
    runsFolder,
    index,
  }: { readonly db: Kysely<Database>; readonly runsFolder: string; readonly index: Pick<Indexer, 'shareRead'> },
  run: StoredRun,
): Promise<RunDetail> {
  const folder = join(runsFolder, run.id);
  const key = rankingKey(run.view);
  const reading = readStanding(db, (id) => index.shareRead(id));
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
    overrides: run.overrides,
    lastSeq: run.view.lastSeq,
    ...{ children, envelope, tried, from, source, dataReport },
  };
}

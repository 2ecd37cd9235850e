import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { toFile } from '#core/config/config-file.ts';
import { defaultConfig } from '#core/config/compile.ts';
import { IndexFile } from '#trainer/sidecar/db/index-file.ts';
import { insertRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { type RunRecord, writeFrozenRun } from '#trainer/run-folder/frozen.ts';
import { Hub } from '#trainer/sidecar/runs/hub.ts';
import { toNewRow } from '#trainer/sidecar/runs/index-run.ts';
import { Indexer } from '#trainer/sidecar/runs/indexer.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';
import { WorkspaceRecord } from '#trainer/sidecar/runs/workspace-record.ts';
import { runRecord } from './run-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const runId = '01aaaaaaaaaaaaaaaaaaaa';

/** An index with one queued run in a folder of its own. */
export interface TestRun {
  readonly db: Kysely<Database>;
  readonly hub: Hub;
  readonly tailer: Tailer;
  readonly runsFolder: string;
  readonly folder: string;
  readonly log: string;
  readonly record: RunRecord;
  /** An indexer of this index, as a start makes one. */
  newIndexer(): Indexer;
}

export async function createTestRun(): Promise<TestRun> {
  const runsFolder = join(temporaryFolder(), 'runs');
  mkdirSync(runsFolder);
  const file = await IndexFile.open({ runsFolder });
  const { db } = file;
  onTestFinished(() => db.destroy());
  const hub = new Hub();
  const record = runRecord({ id: runId });
  const config = defaultConfig();
  await writeFrozenRun(runsFolder, { record, source: '', config, overrides: [] });
  await insertRun(db, toNewRow(record, toFile(config), []));
  const tailer = new Tailer({
    db,
    runsFolder,
    publish: (id, events) => hub.publish(id, events),
    restarted: (id) => hub.restart(id),
  });
  const folder = join(runsFolder, runId);
  const indexing = { file, runsFolder, tailer, record: new WorkspaceRecord({ db, runsFolder }) };
  return {
    db,
    hub,
    tailer,
    runsFolder,
    folder,
    record,
    newIndexer: () =>
      new Indexer({ ...indexing, nameOf: (name) => name, exchanged: () => hub.forget(), warn: () => undefined }),
    log: join(folder, 'events.jsonl'),
  };
}

/** The text of `count` metric events from `seq` on, a line each. */
export function metricLines(seq: number, count: number, key = 'train.loss'): string {
  return Array.from({ length: count }, (_, i) => `${metricLine(seq + i, key)}\n`).join('');
}

export function metricLine(seq: number, key = 'train.loss', attempt = 1): string {
  const at = '2024-01-01T00:00:01.000Z';
  return JSON.stringify({ seq, at, attempt, type: 'metric', step: seq, epoch: 0, values: { [key]: seq / 10 } });
}

export async function appendMetrics(run: TestRun, seq: number, count: number): Promise<void> {
  appendFileSync(run.log, metricLines(seq, count));
  await run.tailer.ingest(runId);
}

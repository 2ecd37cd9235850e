import type { Kysely } from 'kysely';
import { valueAt } from '#core/config/document.ts';
import { eventSchema, type SealedResult } from '#core/run/event.ts';
import { type RunView, withoutTest } from '#core/run/reduce.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** Whether the test of a run is kept back, scored or not: nobody has opened it, and its notebook does not waive the seal. */
export function isSealed({ config, opening }: Pick<StoredRun, 'config' | 'opening'>): boolean {
  return opening === null && valueAt(config, ['data', 'split', 'sealed']) !== false;
}

export function testStateOf(run: StoredRun): RunSummary['test']['state'] {
  if (!('test' in run.view.results)) return 'none';
  return isSealed(run) ? 'sealed' : 'open';
}

/** What may be shown of a run. */
export function shownView(run: StoredRun): RunView {
  return isSealed(run) ? withoutTest(run.view) : run.view;
}

/** Events as they are delivered: of a sealed run the result of the test says no more than that it is there. */
export async function sealEvents(
  db: Kysely<Database>,
  runId: string,
  events: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  // Results are rare, so nearly always nothing is asked.
  if (!events.some(({ type }) => type === 'result')) return events;
  const run = await findRun(db, runId);
  if (run !== undefined && !isSealed(run)) return events;
  return events.map((event) => (event.type === 'result' ? sealResult(event) : event));
}

function sealResult(stored: StoredEvent): StoredEvent {
  const event = eventSchema.parse(JSON.parse(stored.body));
  if (event.type !== 'result' || event.split !== 'test') return stored;
  const { seq, at, attempt, type, split } = event;
  const sealed: SealedResult = { seq, at, attempt, type, split, sealed: true };
  return { ...stored, body: JSON.stringify(sealed) };
}

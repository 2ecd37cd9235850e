import type { Kysely } from 'kysely';
import { valueAt } from '#core/config/document.ts';
import type { Envelope } from '#core/run/summary.ts';
import { type OpenedRows, type TestRows, testRowsAfter } from '#trainer/sidecar/db/opening-rows.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What the envelope of a run says of the looks at its test rows. */
export async function readEnvelope(
  db: Kysely<Database>,
  run: StoredRun,
  opened: readonly OpenedRows[],
): Promise<Envelope> {
  const looks = looksAt(run, opened);
  const rows = testRowsOf(run);
  if (rows === null || looks.length === 0) return { looks, after: 0, self: false };
  const [first] = looks;
  const later = await testRowsAfter(db, first.at);
  const after = later.filter((others) => isOverlapping(rows, others)).length;
  return { looks, after, self: run.createdAt > first.at };
}

/** Those of all looks that were at the test rows of a run or at some of them, in their order. */
export function looksAt(run: StoredRun, opened: readonly OpenedRows[]): Envelope['looks'] {
  const rows = testRowsOf(run);
  if (rows === null) {
    // It is not known which rows these are, so nothing is known of other runs on them.
    const { id, number, opening } = run;
    return opening === null ? [] : [{ id, number, ...opening, same: true }];
  }
  return opened
    .filter((others) => isOverlapping(rows, others))
    .map(({ id, number, at, by, key }) => ({ id, number, at, by, same: key === rows.key }));
}

/** The test rows of a run; null where they are not known. */
function testRowsOf({ testKey, config, view }: StoredRun): TestRows | null {
  const rows = view.evaluation?.test;
  if (testKey === null || rows === undefined) return null;
  return { key: testKey, source: String(valueAt(config, ['data', 'source'])), from: rows.from, to: rows.to };
}

/** Whether who saw the one has seen some of the other: the same rows, or bars of one source at the same time. */
export function isOverlapping(one: TestRows, other: TestRows): boolean {
  return one.key === other.key || (one.source === other.source && one.from <= other.to && one.to >= other.from);
}

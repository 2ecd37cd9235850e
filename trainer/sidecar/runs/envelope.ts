import type { Kysely } from 'kysely';
import type { Envelope } from '#core/run/summary.ts';
import { countCreatedAfter, looksAt, testRowsOf } from '#trainer/sidecar/db/opening-rows.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What the envelope of a run says of the looks at its test rows. */
export async function readEnvelope(db: Kysely<Database>, run: StoredRun): Promise<Envelope> {
  const { id, number, opening, createdAt } = run;
  const rows = testRowsOf(run);
  // It is not known which rows these are, so nothing is known of other runs on them.
  if (rows === null) {
    return { looks: opening === null ? [] : [{ id, number, ...opening, same: true }], after: 0, self: false };
  }
  const looks = await looksAt(db, rows);
  if (looks.length === 0) return { looks, after: 0, self: false };
  const [first] = looks;
  return { looks, after: await countCreatedAfter(db, rows, first.at), self: createdAt > first.at };
}

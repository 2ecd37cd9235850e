import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** An idempotency key that was used: with which body, and which run it made. */
interface UsedKey {
  readonly body_sha256: string;
  readonly run_id: string;
}

export async function findKey(db: Kysely<Database>, key: string): Promise<UsedKey | undefined> {
  return db.selectFrom('keys').select(['body_sha256', 'run_id']).where('key', '=', key).executeTakeFirst();
}

export async function insertKey(
  db: Kysely<Database>,
  row: { readonly key: string; readonly body_sha256: string; readonly run_id: string; readonly created_at: string },
): Promise<void> {
  await db.insertInto('keys').values(row).execute();
}

/** Keys are kept for a day. */
export async function forgetKeysBefore(db: Kysely<Database>, time: string): Promise<void> {
  await db.deleteFrom('keys').where('created_at', '<', time).execute();
}

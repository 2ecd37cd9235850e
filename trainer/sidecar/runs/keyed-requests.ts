import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { canonicalJson } from '#core/config/digest.ts';
import { AppError } from '#core/error.ts';
import { findKey } from '#trainer/sidecar/db/key-rows.ts';
import { findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { RunRecord } from '#trainer/run-folder/frozen.ts';

/** What a run keeps of the request that made it. */
export type RequestKey = NonNullable<RunRecord['key']>;

/** Requests under an Idempotency-Key: the same one makes one run however often it comes. */
export class KeyedRequests {
  readonly #db: Kysely<Database>;
  readonly #inFlight = new Set<string>();

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The run that was made under this key, else the one that `make` makes and stores under it.
   * @throws AppError key_conflict where another body came under the key; state_conflict while it is being answered.
   */
  async once(key: string, body: unknown, make: (key: RequestKey) => Promise<StoredRun>): Promise<StoredRun> {
    const sha256 = createHash('sha256').update(canonicalJson(body)).digest('hex');
    if (this.#inFlight.has(key)) {
      throw new AppError(
        'state_conflict',
        'A request with this Idempotency-Key is being answered. Try again in a moment.',
      );
    }
    this.#inFlight.add(key);
    try {
      return (await this.#findRun(key, sha256)) ?? (await make({ key, sha256 }));
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async #findRun(key: string, sha256: string): Promise<StoredRun | undefined> {
    const used = await findKey(this.#db, key);
    if (used === undefined) return undefined;
    if (used.body_sha256 !== sha256) {
      throw new AppError('key_conflict', 'This Idempotency-Key was used with another body. Use a new key.');
    }
    return findRun(this.#db, used.run_id);
  }
}

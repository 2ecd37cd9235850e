import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { completeFile, toFile } from '#core/config/config-file.ts';
import type { Config } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { type Document, valueAt } from '#core/config/document.ts';
import { nextSeed } from '#core/run/next-seed.ts';
import { runFiles } from '#core/run/run-files.ts';
import { runIdentity, setupOf } from '#core/run/setup.ts';
import { isResumable, runStateSchema } from '#core/run/state.ts';
import { readRunJson } from '#trainer/run-folder/run-json.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import { findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What a run that would be made is compared by. */
interface Wish {
  readonly config: Config;
  /** sha256 of its data as it is now; null where that is not known. */
  readonly fingerprint: string | null;
  /** Version of the code that would train it. */
  readonly code: string;
  /** The checkpoint whose weights it starts from, and of which run; null: random ones. */
  readonly start: { readonly parent: string; readonly checkpoint: string } | null;
}

/** A run of the same configuration, whatever its seed. */
interface Identity {
  /** Of the configuration without what makes no other run of it. */
  readonly whole: string;
  /** The same without the seed. */
  readonly seedless: string;
  readonly seed: unknown;
}

/** Runs read in one turn of the event loop. */
const perTurn = 200;

/** Knows which runs of a workspace have the same configuration; each is read once. */
export class RunIdentities {
  readonly #db: Kysely<Database>;
  readonly #runsFolder: string;
  readonly #known = new Map<string, Identity>();

  constructor(db: Kysely<Database>, runsFolder: string) {
    this.#db = db;
    this.#runsFolder = runsFolder;
  }

  /** The newest run queued, running or done that would come to the same, and the lowest seed that none of its kind has. */
  async find(wish: Wish): Promise<{ readonly run: StoredRun | null; readonly nextSeed: number }> {
    const wanted = identityOf(toFile(wish.config));
    const rows = await this.#rows();
    const seeds = new Set<unknown>();
    const equal: string[] = [];
    for (const { id, status } of rows) {
      const identity = this.#known.get(id);
      if (identity?.seedless !== wanted.seedless) continue;
      seeds.add(identity.seed);
      if (identity.whole === wanted.whole && !isResumable(runStateSchema.parse(status))) equal.push(id);
    }
    const seed = nextSeed([...seeds, wanted.seed]);
    for (const id of equal) {
      const run = await findRun(this.#db, id);
      if (run && (await this.#isSame(run, wish))) return { run, nextSeed: seed };
    }
    return { run: null, nextSeed: seed };
  }

  /** Runs that are not in the bin, newest first, all of them known afterwards. */
  async #rows() {
    const rows = await this.#db
      .selectFrom('runs')
      .select(['id', 'status'])
      .where('deleted_at', 'is', null)
      .orderBy('number', 'desc')
      .execute();
    const unknown = rows.filter(({ id }) => !this.#known.has(id)).map(({ id }) => id);
    for (let from = 0; from < unknown.length; from += perTurn) {
      const part = unknown.slice(from, from + perTurn);
      const read = await this.#db.selectFrom('runs').select(['id', 'config']).where('id', 'in', part).execute();
      for (const { id, config } of read) this.#known.set(id, identityOf(completeFile(JSON.parse(config) as Document)));
      await loopTurn();
    }
    return rows;
  }

  /** Whether data, code and start of a run of this configuration are those that are wished for. */
  async #isSame({ id, parent }: StoredRun, { fingerprint, code, start }: Wish): Promise<boolean> {
    const folder = join(this.#runsFolder, id);
    const record = await readRunJson(folder, runFiles.record, recordSchema);
    if (record?.code !== code) return false;
    const begun = record.from === undefined ? null : { parent, checkpoint: record.from.checkpoint };
    if (canonicalJson(begun) !== canonicalJson(start)) return false;
    const data = await readRunJson(folder, runFiles.data, dataSchema);
    // One that has not read its data yet will read what is there now.
    return data === null || fingerprint === null || data.fingerprint === fingerprint;
  }
}

const recordSchema = z.object({ code: z.string().optional(), from: z.object({ checkpoint: z.string() }).optional() });
const dataSchema = z.object({ fingerprint: z.string() });

function identityOf(config: Document): Identity {
  return {
    whole: hash(runIdentity(config)),
    seedless: hash(setupOf(config)),
    seed: valueAt(config, ['train', 'seed']),
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}

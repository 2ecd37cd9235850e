import type { Kysely } from 'kysely';
import { toFile } from '#core/config/config-file.ts';
import type { Config } from '#core/config/config.ts';
import { durably } from '#trainer/sidecar/db/connect.ts';
import { insertKey } from '#trainer/sidecar/db/key-rows.ts';
import { findRun, forgetRun, insertRun, nextNumber, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { discardFrozenRun, notebookOf, type RunRecord, writeFrozenRun } from '#trainer/run-folder/frozen.ts';
import { type CreateRequest, type Draft, draftFork, draftRun, type ForkRequest } from './draft.ts';
import { trainingVersion } from '#trainer/steps/training-version.ts';
import { requireSpace } from './free-space.ts';
import { toNewRow } from './index-run.ts';
import { KeyedRequests, type RequestKey } from './keyed-requests.ts';
import { Turns } from './turns.ts';

interface RunMakerOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  /** Text of a notebook. @throws AppError notebook_not_found. */
  readonly readNotebook: (slug: string) => Promise<string>;
  /** Checks that the data of a run may be read and is there. @throws AppError data_forbidden, data_not_found. */
  readonly checkSource: (source: string) => Promise<void>;
  /** Refuses an engine that does not train this model here. @throws AppError engine_unavailable. */
  readonly checkEngine: (config: Pick<Config, 'model' | 'train'>) => Promise<void>;
  /** Bytes free on the disk of the runs. */
  readonly freeBytes: () => Promise<number>;
  /** Waits until the runs are known that are there: their numbers and keys. */
  readonly stocked: () => Promise<void>;
  readonly ingest: (id: string) => Promise<unknown>;
  /** Called when a run is in the queue. */
  readonly queued: () => void;
  readonly newId: () => string;
  readonly now?: () => Date;
}

/** Makes runs: drafts them, freezes them into their folders and puts them in the queue. */
export class RunMaker {
  readonly #options: RunMakerOptions;
  readonly #keyed: KeyedRequests;
  readonly #turns = new Turns();

  constructor(options: RunMakerOptions) {
    this.#options = options;
    this.#keyed = new KeyedRequests(options.db);
  }

  /**
   * Freezes a new run into its folder and puts it in the queue. With a `key` the same request makes one run however
   * often it comes.
   * @throws AppError: the configuration's and the data source's; disk_full; key_conflict; state_conflict while it is
   * being made.
   */
  create(request: CreateRequest, key?: string): Promise<StoredRun> {
    return this.#once(key, request, () => draftRun(request, this.#options));
  }

  /** The configuration that a run of this request would have, and what puts an error of it in its notebook. */
  draft(request: CreateRequest): Promise<Pick<Draft, 'config' | 'place'>> {
    return draftRun(request, this.#options);
  }

  /**
   * A child of run `id`: the same but for the given source and overrides. The parent's folder is only read.
   * @throws AppError also artifact_not_found and checkpoint_damaged of `from`, invalid_config where it cannot fit.
   */
  fork(id: string, request: ForkRequest, key?: string): Promise<StoredRun> {
    return this.#once(key, { fork: id, ...request }, () => draftFork(id, request, this.#options));
  }

  /** Does the work while no run is being made. */
  between(work: () => Promise<void>): Promise<void> {
    return this.#turns.take('number', work);
  }

  async #once(key: string | undefined, body: unknown, draft: () => Promise<Draft>): Promise<StoredRun> {
    await this.#options.stocked();
    if (key === undefined) return this.#make(draft, null);
    return this.#keyed.once(key, body, (requestKey) => this.#make(draft, requestKey));
  }

  async #make(planned: () => Promise<Draft>, key: RequestKey | null): Promise<StoredRun> {
    const draft = await planned();
    // Checked before waiting for its turn: the first test of an engine may take seconds.
    await placed(draft, this.#options.checkEngine(draft.config));
    // One after another: each takes the next number.
    return this.#turns.take('number', () => this.#freeze(draft, key));
  }

  async #freeze(draft: Draft, key: RequestKey | null): Promise<StoredRun> {
    const { db, runsFolder, checkSource, freeBytes, queued } = this.#options;
    // Of bars that are kept nobody reads the file: it may be gone.
    if (draft.bars === null) await placed(draft, checkSource(draft.config.data.source));
    await requireSpace(draft.config, { free: freeBytes, extra: draft.start?.bytes });
    const record = this.#number(draft, key, await nextNumber(db));
    const source = draft.source ?? notebookOf(record.name, draft.config);
    const { config, overrides } = draft;
    const start = draft.start === null ? {} : { start: draft.start };
    await writeFrozenRun(runsFolder, { record, source, config, overrides, ...start });
    await this.#index(record, draft);
    queued();
    const run = await findRun(db, record.id);
    if (run === undefined) throw new Error(`Run ${record.id} was stored and is not there.`);
    return run;
  }

  #number(draft: Draft, key: RequestKey | null, number: number): RunRecord {
    const { newId, now = () => new Date() } = this.#options;
    return {
      id: newId(),
      number,
      name: draft.name ?? `Run ${number}`,
      notebook: draft.notebook,
      parent: draft.parent,
      ...(draft.start === null ? {} : { from: { checkpoint: draft.start.name } }),
      ...(draft.bars ? { bars: draft.bars } : {}),
      changed: Object.fromEntries(Object.entries(draft.changed).map(([path, [from, to]]) => [path, [from, to]])),
      tags: [...draft.tags],
      createdAt: now().toISOString(),
      code: trainingVersion(),
      given: draft.given,
      key,
    };
  }

  /** On an error no run remains, neither in the index nor as a folder that the next start would find. */
  async #index(record: RunRecord, { config, overrides }: Draft): Promise<void> {
    const { db, runsFolder, ingest } = this.#options;
    const { id, key, createdAt } = record;
    try {
      await durably(db, async (transaction) => {
        await insertRun(transaction, toNewRow(record, toFile(config), overrides));
        if (key === null) return;
        await insertKey(transaction, { key: key.key, body_sha256: key.sha256, run_id: id, created_at: createdAt });
      });
      await ingest(id);
    } catch (error) {
      await forgetRun(db, id);
      await discardFrozenRun(runsFolder, id);
      throw error;
    }
  }
}

/** What a check refuses is told with the line at which it is written. */
function placed(draft: Draft, check: Promise<void>): Promise<void> {
  return check.catch((error: unknown) => {
    throw draft.place(error);
  });
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { compileConfig, requireConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { type ConfigDiff, diffConfigs } from '#core/config/diff.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { parseOverride } from '#core/config/override.ts';
import { AppError } from '#core/error.ts';
import { durably } from '#trainer/sidecar/db/connect.ts';
import { findKey, insertKey } from '#trainer/sidecar/db/key-rows.ts';
import { findRun, forgetRun, insertRun, nextNumber, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import {
  discardFrozenRun,
  notebookOf,
  readFrozenRun,
  readFrozenSource,
  type RunRecord,
  writeFrozenRun,
} from '#trainer/run-folder/frozen.ts';
import { requireSpace } from './free-space.ts';
import { toNewRow } from './index-run.ts';
import { type NotebookCells, readCells } from './notebook-cells.ts';
import { requireNotebookSize } from './read-notebook.ts';
import { findStartCheckpoint, requireSameModel, type StartCheckpoint } from './start-checkpoint.ts';

/** Body of POST /runs. */
interface CreateRequest {
  readonly notebook?: string;
  readonly source?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly overrides?: readonly string[];
  readonly parent?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
}

/** Body of POST /runs/{id}/fork. */
interface ForkRequest {
  /** Start from the weights of this checkpoint of the parent instead of random ones. */
  readonly from?: { readonly checkpoint: string };
  readonly source?: string;
  readonly overrides?: readonly string[];
  readonly name?: string;
  readonly tags?: readonly string[];
}

export interface RunMaker {
  /**
   * Freezes a new run into its folder and puts it in the queue. With a `key` the same request makes one run however
   * often it comes.
   * @throws AppError: the configuration's and the data source's; disk_full; key_conflict; state_conflict while it is
   * being made.
   */
  create(request: CreateRequest, key?: string): Promise<StoredRun>;
  /**
   * A child of run `id`: the same but for the given source and overrides. The parent's folder is only read.
   * @throws AppError also artifact_not_found and checkpoint_damaged of `from`, invalid_config where it cannot fit.
   */
  fork(id: string, request: ForkRequest, key?: string): Promise<StoredRun>;
}

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
  readonly ingest: (id: string) => Promise<unknown>;
  /** Called when a run is in the queue. */
  readonly queued: () => void;
  readonly newId: () => string;
  readonly now?: () => Date;
}

interface Draft {
  readonly config: Config;
  readonly overrides: readonly string[];
  readonly source: string | null;
  readonly given: unknown;
  readonly name: string | null;
  readonly notebook: string | null;
  readonly parent: string | null;
  readonly changed: ConfigDiff;
  readonly tags: readonly string[];
  readonly start: StartCheckpoint | null;
}

export function createRunMaker(options: RunMakerOptions): RunMaker {
  const { db, runsFolder, now = () => new Date() } = options;
  const inFlight = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  async function requireParent(id: string): Promise<StoredRun> {
    const parent = await findRun(db, id);
    if (parent !== undefined && parent.deletedAt === null) return parent;
    throw new AppError('run_not_found', `There is no run ${id} to be the parent of this one.`);
  }

  async function draft(request: CreateRequest): Promise<Draft> {
    const parent = request.parent === undefined ? null : await requireParent(request.parent);
    const source =
      request.source ?? (request.notebook === undefined ? null : await options.readNotebook(request.notebook));
    const cells = source === null ? null : requireCells(source);
    const { config, overrides } = requireConfig({
      config: request.config,
      cells: cells?.cells,
      overrides: request.overrides,
    });
    return {
      config,
      overrides,
      source,
      given: request.config ?? null,
      name: request.name ?? cells?.title ?? request.notebook ?? null,
      notebook: request.notebook ?? null,
      parent: parent?.id ?? null,
      changed: parent === null ? {} : diffConfigs(parent.config, config),
      tags: request.tags ?? [],
      start: null,
    };
  }

  async function draftFork(id: string, request: ForkRequest): Promise<Draft> {
    const fork = await draftChild(id, request);
    if (request.from === undefined) return { ...fork, start: null };
    const start = await findStartCheckpoint(join(runsFolder, id), request.from.checkpoint);
    requireSameModel((await requireParent(id)).config, fork.config);
    return { ...fork, start };
  }

  async function draftChild(id: string, request: ForkRequest): Promise<Omit<Draft, 'start'>> {
    const parent = await requireParent(id);
    const folder = join(runsFolder, id);
    const { record } = await readFrozenRun(folder);
    const before = await readFrozenSource(folder);
    const rest = { notebook: parent.notebook, parent: id, tags: request.tags ?? parent.tags, given: record.given };
    if (request.source === undefined) {
      const { config } = requireConfig({ config: parent.config, overrides: request.overrides });
      return {
        ...rest,
        config,
        overrides: [...parent.overrides, ...(request.overrides ?? [])],
        source: before,
        name: request.name ?? parent.name,
        changed: diffConfigs(parent.config, config),
      };
    }
    const after = requireCells(request.source);
    const kept = keptOverrides(parent.overrides, record.given, readCells(before), after);
    const { config, overrides } = requireConfig({
      config: record.given,
      cells: after.cells,
      overrides: [...kept, ...(request.overrides ?? [])],
    });
    return {
      ...rest,
      config,
      overrides,
      source: request.source,
      name: request.name ?? after.title ?? parent.name,
      changed: diffConfigs(parent.config, config),
    };
  }

  async function make(draft: Draft, key: RunRecord['key']): Promise<StoredRun> {
    await options.checkSource(draft.config.data.source);
    await requireSpace(draft.config, { free: options.freeBytes, extra: draft.start?.bytes });
    const number = await nextNumber(db);
    const name = draft.name ?? `Run ${number}`;
    const record: RunRecord = {
      id: options.newId(),
      number,
      name,
      notebook: draft.notebook,
      parent: draft.parent,
      ...(draft.start === null ? {} : { from: { checkpoint: draft.start.name } }),
      changed: Object.fromEntries(Object.entries(draft.changed).map(([path, [from, to]]) => [path, [from, to]])),
      tags: [...draft.tags],
      createdAt: now().toISOString(),
      given: draft.given,
      key,
    };
    const source = draft.source ?? notebookOf(name, draft.config);
    const { config, overrides } = draft;
    const start = draft.start === null ? {} : { start: draft.start };
    await writeFrozenRun(runsFolder, { record, source, config, overrides, ...start });
    try {
      await durably(db, async (transaction) => {
        await insertRun(transaction, toNewRow(record, config, overrides));
        if (key !== null) {
          const { createdAt } = record;
          await insertKey(transaction, {
            key: key.key,
            body_sha256: key.sha256,
            run_id: record.id,
            created_at: createdAt,
          });
        }
      });
      await options.ingest(record.id);
    } catch (error) {
      // Whoever gets an error has no run: neither in the index nor as a folder that the next start would find.
      await forgetRun(db, record.id);
      await discardFrozenRun(runsFolder, record.id);
      throw error;
    }
    options.queued();
    const run = await findRun(db, record.id);
    if (run === undefined) throw new Error(`Run ${record.id} was stored and is not there.`);
    return run;
  }

  /** One after another: each takes the next number. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

  async function once(key: string | undefined, body: unknown, planned: () => Promise<Draft>): Promise<StoredRun> {
    // Before its turn comes: the test of an engine that nobody asked for yet may take seconds.
    const plan = async () => {
      const draft = await planned();
      await options.checkEngine(draft.config);
      return draft;
    };
    if (key === undefined) {
      const draft = await plan();
      return inTurn(() => make(draft, null));
    }
    const sha256 = createHash('sha256').update(canonicalJson(body)).digest('hex');
    if (inFlight.has(key)) {
      throw new AppError(
        'state_conflict',
        'A request with this Idempotency-Key is being answered. Try again in a moment.',
      );
    }
    inFlight.add(key);
    try {
      const used = await findKey(db, key);
      const known = used && (await findRun(db, used.run_id));
      if (used !== undefined && used.body_sha256 !== sha256) {
        throw new AppError('key_conflict', 'This Idempotency-Key was used with another body. Use a new key.');
      }
      if (known !== undefined) return known;
      const draft = await plan();
      return await inTurn(() => make(draft, { key, sha256 }));
    } finally {
      inFlight.delete(key);
    }
  }

  return {
    create: (request, key) => once(key, request, () => draft(request)),
    fork: (id, request, key) => once(key, { fork: id, ...request }, () => draftFork(id, request)),
  };
}

function requireCells(source: string): NotebookCells {
  requireNotebookSize(Buffer.byteLength(source));
  const cells = readCells(source);
  if (cells.issues.length === 0) return cells;
  const [first] = cells.issues;
  throw new AppError('invalid_notebook', first.message, { issues: cells.issues });
}

/**
 * The parent's overrides without those that an edit of the notebook has overtaken: a key that the edited cells give
 * another value than the parent's cells did is what the person wants now.
 */
function keptOverrides(
  overrides: readonly string[],
  given: unknown,
  before: NotebookCells,
  after: NotebookCells,
): readonly string[] {
  const old = compileConfig({ config: given, cells: before.cells }).config;
  const edited = compileConfig({ config: given, cells: after.cells }).config;
  if (old === null || edited === null) return overrides;
  const changed = Object.keys(diffConfigs(old, edited));
  return overrides.filter((text) => {
    const path = parseOverride(text).override?.path.join('.');
    return !changed.some((key) => key === path || key.startsWith(`${path}.`) || path?.startsWith(`${key}.`));
  });
}

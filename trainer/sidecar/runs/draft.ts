import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { compileConfig, requireConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { completeFile, parseConfig, toFile } from '#core/config/config-file.ts';
import { type ConfigDiff, diffConfigs } from '#core/config/diff.ts';
import { parseOverride } from '#core/config/override.ts';
import { AppError } from '#core/error.ts';
import { toGivenName } from '#core/given-name.ts';
import { findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { readFrozenRun, readFrozenSource, type RunRecord } from '#trainer/run-folder/frozen.ts';
import { faultOfFile } from './file-fault.ts';
import { type NotebookCells, readCells } from './notebook-cells.ts';
import { findParentBars } from './parent-bars.ts';
import { requireNotebookName, requireNotebookSize } from './read-notebook.ts';
import { findStartCheckpoint, requireSameModel, type StartCheckpoint } from './start-checkpoint.ts';

/** Body of POST /runs. */
export interface CreateRequest {
  readonly notebook?: string;
  readonly source?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly overrides?: readonly string[];
  readonly parent?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
}

/** Body of POST /runs/{id}/fork. */
export interface ForkRequest {
  /** Start from the weights of this checkpoint of the parent instead of random ones. */
  readonly from?: { readonly checkpoint: string };
  readonly source?: string;
  readonly overrides?: readonly string[];
  /** Whose bars; absent: the parent's where that is possible. */
  readonly bars?: 'parent' | 'today';
  readonly name?: string;
  readonly tags?: readonly string[];
}

/** A run that is wished for: all that is known of it before it has a number and a folder. */
export interface Draft {
  readonly config: Config;
  readonly overrides: readonly string[];
  /** Text of its notebook; null where one is to be written for it. */
  readonly source: string | null;
  /** The configuration as the request gave it. */
  readonly given: unknown;
  readonly name: string | null;
  readonly notebook: string | null;
  readonly parent: string | null;
  readonly changed: ConfigDiff;
  readonly tags: readonly string[];
  /** Checkpoint whose weights it starts from. */
  readonly start: StartCheckpoint | null;
  /** Bars of its parent that it is trained on; null: those of the file. */
  readonly bars: RunRecord['bars'] | null;
  /** An error of its configuration with the line of the notebook at which the key is written, where one is. */
  readonly place: (error: unknown) => unknown;
}

export interface DraftSources {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  /** Text of a notebook. @throws AppError notebook_not_found. */
  readonly readNotebook: (slug: string) => Promise<string>;
}

/** @throws AppError of the notebook, the parent and the configuration. */
export async function draftRun(request: CreateRequest, { db, readNotebook }: DraftSources): Promise<Draft> {
  const parent = request.parent === undefined ? null : await requireParent(db, request.parent);
  if (request.notebook !== undefined) requireNotebookName(request.notebook);
  const source = request.source ?? (request.notebook === undefined ? null : await readNotebook(request.notebook));
  const cells = source === null ? null : requireCells(source);
  const { config, overrides } = requireConfigOf(cells, { config: request.config, overrides: request.overrides });
  return {
    config,
    overrides,
    source,
    given: request.config ?? null,
    name: request.name ?? nameOf(cells) ?? request.notebook ?? null,
    notebook: request.notebook ?? null,
    parent: parent?.id ?? null,
    changed: parent === null ? {} : diffConfigs(completeFile(parent.config), toFile(config)),
    tags: request.tags ?? [],
    ...{ start: null, bars: null },
    place: (error) => (cells === null ? error : cells.place(error, overrides)),
  };
}

/** A child of run `id`. @throws AppError as `draftRun`, and of the checkpoint that it is to start from. */
export async function draftFork(id: string, request: ForkRequest, { db, runsFolder }: DraftSources): Promise<Draft> {
  const parent = await requireParent(db, id);
  const drafted = await draftChild(parent, request, join(runsFolder, id));
  const bars = await findParentBars({ ...parent, runsFolder }, drafted.config, request.bars);
  const child = { ...drafted, bars };
  if (request.from === undefined) return { ...child, start: null };
  const start = await findStartCheckpoint(join(runsFolder, id), request.from.checkpoint);
  const { config: before } = parseConfig(parent.config);
  if (before !== null) requireSameModel(before, child.config);
  await start.requireVersion(child.config.model);
  return { ...child, start };
}

async function draftChild(
  parent: StoredRun,
  request: ForkRequest,
  folder: string,
): Promise<Omit<Draft, 'start' | 'bars'>> {
  const { given, before } = await readParent(parent, folder);
  const rest = { notebook: parent.notebook, parent: parent.id, tags: request.tags ?? parent.tags, given };
  if (request.source === undefined) {
    const { config } = requireConfig({ config: parent.config, overrides: request.overrides });
    const overrides = [...parent.overrides, ...(request.overrides ?? [])];
    return {
      ...rest,
      config,
      overrides,
      source: before,
      name: request.name ?? parent.name,
      changed: diffConfigs(completeFile(parent.config), toFile(config)),
      place: (error) => readCells(before).place(error, overrides),
    };
  }
  const after = requireCells(request.source);
  const kept = keptOverrides(parent.overrides, given, readCells(before), after);
  const { config, overrides } = requireConfigOf(after, {
    config: given,
    overrides: [...kept, ...(request.overrides ?? [])],
  });
  return {
    ...rest,
    config,
    overrides,
    source: request.source,
    name: request.name ?? nameOf(after) ?? parent.name,
    changed: diffConfigs(completeFile(parent.config), toFile(config)),
    place: (error) => after.place(error, overrides),
  };
}

/** What a parent was given in its request, and the text of its notebook. @throws AppError state_conflict */
export async function readParent(
  parent: StoredRun,
  folder: string,
): Promise<{ readonly given: unknown; readonly before: string }> {
  const [{ record }, before] = await Promise.all([readFrozenRun(folder), readFrozenSource(folder)]).catch(
    (cause: unknown) => {
      const why = `its frozen files cannot be read (${faultOfFile(cause)}). Put them back from a copy`;
      throw new AppError(
        'state_conflict',
        `R${parent.number} cannot be forked: ${why}, or start a run of its notebook.`,
        {
          cause,
        },
      );
    },
  );
  return { given: record.given, before };
}

/** The title of a notebook as the name of a run; null where it has none that can be seen. */
function nameOf(cells: NotebookCells | null): string | null {
  const name = toGivenName(cells?.title ?? '').slice(0, 200);
  return name === '' ? null : name;
}

/** @throws AppError run_not_found */
export async function requireParent(db: Kysely<Database>, id: string): Promise<StoredRun> {
  const parent = await findRun(db, id);
  if (parent !== undefined && parent.deletedAt === null) return parent;
  throw new AppError('run_not_found', `There is no run ${id} to be the parent of this one.`);
}

function requireCells(source: string): NotebookCells {
  requireNotebookSize(Buffer.byteLength(source));
  const cells = readCells(source);
  if (cells.errors.length === 0) return cells;
  const [first, ...more] = cells.errors;
  // Of a text without cells the warnings say which block was probably meant as one.
  const issues = [first, ...more, ...(Object.keys(cells.cells).length === 0 ? cells.warnings : [])];
  throw new AppError('invalid_notebook', `line ${first.line}: ${first.message}`, { issues });
}

/** As requireConfig; what is wrong in a cell is refused with the line at which it is written. */
function requireConfigOf(
  cells: NotebookCells | null,
  parts: Omit<NonNullable<Parameters<typeof requireConfig>[0]>, 'cells'>,
): ReturnType<typeof requireConfig> {
  if (cells === null) return requireConfig(parts);
  try {
    return requireConfig({ ...parts, cells: cells.cells });
  } catch (error) {
    throw cells.place(error, parts.overrides);
  }
}

/**
 * The parent's overrides without those that an edit of the notebook has replaced: where an edited cell sets a key to
 * another value than the parent's cell did, the cell is what the person wants now.
 */
export function keptOverrides(
  overrides: readonly string[],
  given: unknown,
  before: NotebookCells,
  after: NotebookCells,
): readonly string[] {
  const old = compileConfig({ config: given, cells: before.cells }).config;
  const edited = compileConfig({ config: given, cells: after.cells }).config;
  if (old === null || edited === null) return overrides;
  const changed = Object.keys(diffConfigs(toFile(old), toFile(edited)));
  return overrides.filter((text) => {
    const path = parseOverride(text).override?.path.join('.');
    return !changed.some((key) => key === path || key.startsWith(`${path}.`) || path?.startsWith(`${key}.`));
  });
}

import { join } from 'node:path';
import { compileConfig } from '#core/config/compile.ts';
import type { Config, ConfigGroups } from '#core/config/config.ts';
import type { Issue } from '#core/error.ts';
import { checkNotebook, issuesOf } from '#core/notebook/diagnose.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { type DraftSources, keptOverrides, readParent, requireParent } from './draft.ts';
import { readCells } from './notebook-cells.ts';
import { requireNotebookName, requireNotebookSize } from './read-notebook.ts';

/** What a run, a cell or a plan may be asked of. */
export interface CellsRequest {
  readonly notebook?: string | undefined;
  readonly source?: string | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly overrides?: readonly string[] | undefined;
  /** A changed copy of this run. */
  readonly fork?: string | undefined;
}

/** The cells of a request as far as they can be worked with. */
export interface ResolvedCells {
  /** Null where anything is wrong. */
  readonly config: Config | null;
  /** Null for a cell that has a problem. */
  readonly groups: ConfigGroups;
  /** What is wrong, with the line of the notebook where it stands in one. */
  readonly issues: readonly Issue[];
  readonly parent: StoredRun | null;
  /** An error of its configuration with the line of the notebook at which the key is written. */
  readonly place: (error: unknown) => unknown;
}

/**
 * The configuration that a run of this request would have, a cell with a problem taking no other with it.
 * @throws AppError of the notebook or the parent, where there is none or it cannot be read
 */
export async function resolveCells(
  request: CellsRequest,
  { db, runsFolder, readNotebook }: DraftSources,
): Promise<ResolvedCells> {
  if (request.fork === undefined) {
    if (request.notebook !== undefined) requireNotebookName(request.notebook);
    const source = request.source ?? (request.notebook === undefined ? null : await readNotebook(request.notebook));
    return { ...resolveText(source, request.config, request.overrides), parent: null };
  }
  const parent = await requireParent(db, request.fork);
  const { given, before } = await readParent(parent, join(runsFolder, parent.id));
  if (request.source === undefined) {
    const compiled = compileConfig({ config: parent.config, overrides: request.overrides });
    const { config, groups, issues } = compiled;
    const place = (error: unknown) => readCells(before).place(error, parent.overrides);
    return { config, groups, issues, parent, place };
  }
  const kept = keptOverrides(parent.overrides, given, readCells(before), readCells(request.source));
  const own = request.overrides ?? [];
  // Who asks for a run once more names what that already keeps: an entry is added, or removed, once.
  const overrides = [...kept.filter((override) => !own.includes(override)), ...own];
  return { ...resolveText(request.source, given, overrides), parent };
}

function resolveText(
  source: string | null,
  config: unknown,
  overrides: readonly string[] = [],
): Omit<ResolvedCells, 'parent'> {
  if (source === null) return { ...compileConfig({ config, overrides }), place: (error) => error };
  requireNotebookSize(Buffer.byteLength(source));
  const { diagnostics, ...compiled } = checkNotebook(parseNotebook(source), { config, overrides });
  const issues = issuesOf(diagnostics.filter(({ severity }) => severity === 'error'));
  const place = (error: unknown) => readCells(source).place(error, overrides);
  return { config: issues.length > 0 ? null : compiled.config, groups: compiled.groups, issues, place };
}

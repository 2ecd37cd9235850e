import type { Kysely } from 'kysely';
import type { AbsentRun, Lineage } from '#core/api/lineage.ts';
import {
  childRuns,
  emptiedNumbers,
  type LineageRow,
  notebookRuns,
  runsById,
} from '#trainer/sidecar/db/lineage-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Standing } from './standing.ts';

/** Runs that are looked at for one that has no notebook: so many descend from one at most before the rest is left out. */
const mostKin = 2000;

interface LineageRequest {
  readonly notebook?: string;
  /** Id of a run. */
  readonly of?: string;
  readonly limit: number;
}

/**
 * Runs of a notebook, newest first, and the kin of a run: its parents to the first, and what came of them. A parent is
 * there also where it is of another notebook or older than the newest; one that is in the bin or gone is named.
 */
export async function readLineage(
  db: Kysely<Database>,
  { notebook, of, limit }: LineageRequest,
  { stalledSince }: Pick<Standing, 'stalledSince'>,
): Promise<Lineage> {
  const found = new Map<string, LineageRow>();
  const add = (rows: readonly LineageRow[]) => rows.forEach((run) => found.set(run.id, run));
  let total = 0;
  if (notebook !== undefined) {
    const newest = await notebookRuns(db, notebook, limit);
    total = newest.total;
    add(newest.runs);
  }
  const ofNotebook = found.size;
  if (of !== undefined) add(await runsById(db, [of]));
  const gone = await addParents(db, found, add);
  if (of !== undefined) await addChildren(db, rootOf(found, of), found, add);
  const binned = [...found.values()].filter(({ isBinned }) => isBinned);
  const parents = new Set([...found.values()].map(({ parent }) => parent));
  const absent: readonly AbsentRun[] = [
    // One in the bin is named where something came of it.
    ...binned
      .filter(({ id }) => parents.has(id) || id === of)
      .map(({ id, number, parent, changed }) => ({ id, number, state: 'binned' as const, parent, changed })),
    ...gone,
  ];
  const runs = [...found.values()]
    .filter(({ isBinned }) => !isBinned)
    .sort((one, other) => other.number - one.number)
    .map(({ isBinned: _, ...run }) => ({
      ...run,
      stalledSince: run.status === 'running' ? stalledSince(run.id) : null,
    }));
  return { runs, absent, more: Math.max(0, total - ofNotebook) };
}

/** Adds the parents of all runs there are, up to the first. @returns those that are gone from the bin too */
async function addParents(
  db: Kysely<Database>,
  found: ReadonlyMap<string, LineageRow>,
  add: (rows: readonly LineageRow[]) => void,
): Promise<readonly AbsentRun[]> {
  const gone = new Set<string>();
  for (;;) {
    const wanted = [...found.values()].flatMap(({ parent }) =>
      parent === null || found.has(parent) || gone.has(parent) ? [] : [parent],
    );
    if (wanted.length === 0) break;
    const ids = [...new Set(wanted)].slice(0, 500);
    add(await runsById(db, ids));
    for (const id of ids) if (!found.has(id)) gone.add(id);
  }
  const numbers = await emptiedNumbers(db, [...gone]);
  return [...gone].map((id) => ({ id, number: numbers.get(id) ?? null, state: 'gone', parent: null, changed: {} }));
}

/** Adds what came of a run, of its children and so on. */
async function addChildren(
  db: Kysely<Database>,
  root: string,
  found: ReadonlyMap<string, LineageRow>,
  add: (rows: readonly LineageRow[]) => void,
): Promise<void> {
  for (let parents: readonly string[] = [root]; parents.length > 0 && found.size < mostKin;) {
    const children = await childRuns(db, parents.slice(0, 500));
    add(children);
    parents = children.map(({ id }) => id);
  }
}

function rootOf(found: ReadonlyMap<string, LineageRow>, id: string): string {
  const seen = new Set<string>();
  let root = id;
  for (let parent = found.get(root)?.parent; parent && !seen.has(parent); parent = found.get(root)?.parent) {
    seen.add(parent);
    root = parent;
  }
  return root;
}

import type { AbsentRun, Lineage, LineageRun } from '#core/api/lineage.ts';
import type { ConfigDiff } from '#core/config/diff.ts';

export const seedKey = 'train.seed';

/** A place in the tree: a run, its seeds as one, or a parent that is listed no more. */
export interface LineageNode {
  readonly key: string;
  /** One run; several where they differ in nothing but the seed, oldest first; none for a parent that is not there. */
  readonly runs: readonly LineageRun[];
  readonly absent: AbsentRun | null;
  /** How it came from the node above; null at the top. */
  readonly edge: LineageEdge | null;
  readonly children: readonly LineageNode[];
}

/** What was changed from a run to its child. */
export interface LineageEdge {
  /** Id of the parent; it may be one that is not there. */
  readonly parent: string;
  /** Id of the first of the children. */
  readonly child: string;
  readonly changed: ConfigDiff;
  /** The seeds of the children, where they are more than one. */
  readonly seeds: readonly unknown[];
}

/** A node with its place in the picture: one a row, from the top. */
interface LineageRow {
  readonly node: LineageNode;
  /** Columns from the left. */
  readonly depth: number;
  /** By column left of it: whether a line goes on past this row. */
  readonly rails: readonly boolean[];
  /** Line from the node above: none at the top, straight from the same column, else from the column to the left. */
  readonly joint: 'none' | 'straight' | 'elbow' | 'tee';
}

interface Draft {
  readonly key: string;
  readonly runs: LineageRun[];
  readonly absent: AbsentRun | null;
  readonly parent: string | null;
  readonly changed: ConfigDiff;
}

/**
 * The trees of a notebook's runs: that with the newest run first, in a tree the older child first. Runs of one parent that
 * differ from it in the same, but for the seed, are one node, and so are those that repeat one run with other seeds.
 */
export function lineageTrees({ runs, absent }: Pick<Lineage, 'runs' | 'absent'>): readonly LineageNode[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const oldestFirst = [...runs].sort((one, other) => one.number - other.number);
  const drafts = new Map<string, Draft>();
  const draftOf = new Map<string, Draft>();
  for (const run of oldestFirst) {
    const parent = origin(run, byId);
    const key = parent === null ? run.id : `${draftOf.get(parent)?.key ?? parent} ${withoutSeed(run.changed)}`;
    const known = drafts.get(key);
    const joins = known !== undefined && known.runs.every(({ seed }) => seed !== run.seed && seed !== null);
    const draft = joins ? known : { key: known ? run.id : key, runs: [], absent: null, parent, changed: run.changed };
    draft.runs.push(run);
    drafts.set(draft.key, draft);
    draftOf.set(run.id, draft);
  }
  for (const one of absent) {
    const draft: Draft = { key: one.id, runs: [], absent: one, parent: one.parent, changed: one.changed };
    drafts.set(one.id, draft);
    draftOf.set(one.id, draft);
  }
  const childrenOf = Map.groupBy(
    drafts.values(),
    ({ parent }) => (parent === null ? null : draftOf.get(parent)) ?? null,
  );
  const build = (draft: Draft, isTop: boolean): LineageNode => ({
    key: draft.key,
    runs: draft.runs,
    absent: draft.absent,
    edge: isTop ? null : edgeOf(draft),
    children: (childrenOf.get(draft) ?? []).sort(byNumber).map((child) => build(child, false)),
  });
  const trees = (childrenOf.get(null) ?? []).map((draft) => build(draft, true));
  return trees.sort((one, other) => newest(other) - newest(one));
}

/** The trees as rows. An only child stands below its parent, so that a long line of forks does not wander to the right. */
export function lineageRows(trees: readonly LineageNode[]): readonly LineageRow[] {
  const rows: LineageRow[] = [];
  const lay = (node: LineageNode, place: Omit<LineageRow, 'node'>) => {
    rows.push({ node, ...place });
    const { depth, rails, joint } = place;
    const isOnly = node.children.length === 1 && joint !== 'none';
    node.children.forEach((child, index) => {
      if (isOnly) return lay(child, { depth, rails: passing(rails, joint), joint: 'straight' });
      const isLast = index === node.children.length - 1;
      lay(child, { depth: depth + 1, rails: [...passing(rails, joint), !isLast], joint: isLast ? 'elbow' : 'tee' });
    });
  };
  for (const tree of trees) lay(tree, { depth: 0, rails: [], joint: 'none' });
  return rows;
}

/** Lines that go on below a row: that of its own joint only where more children follow. */
function passing(rails: readonly boolean[], joint: LineageRow['joint']): readonly boolean[] {
  return joint === 'elbow' ? [...rails.slice(0, -1), false] : rails;
}

/** Ids of the runs of a node and all below it. */
export function runsBelow(node: LineageNode): readonly string[] {
  return [...node.runs.map(({ id }) => id), ...node.children.flatMap(runsBelow)];
}

/** The run that another goes back to when repeats with other seeds are left out. */
function origin(run: LineageRun, byId: ReadonlyMap<string, LineageRun>): string | null {
  let { parent } = run;
  if (!isRepeat(run)) return parent;
  for (let above = parent === null ? undefined : byId.get(parent); above && isRepeat(above);) {
    parent = above.parent;
    above = parent === null ? undefined : byId.get(parent);
  }
  return parent;
}

function isRepeat({ parent, changed }: LineageRun): boolean {
  const keys = Object.keys(changed);
  return parent !== null && keys.length === 1 && keys[0] === seedKey;
}

function withoutSeed(changed: ConfigDiff): string {
  const rest = Object.entries(changed).filter(([key]) => key !== seedKey);
  return JSON.stringify(rest.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function edgeOf({ runs, absent, parent, changed }: Draft): LineageEdge | null {
  const child = runs[0]?.id ?? absent?.id;
  if (parent === null || child === undefined) return null;
  return { parent, child, changed, seeds: runs.length > 1 ? runs.map(({ seed }) => seed) : [] };
}

function byNumber(one: Draft, other: Draft): number {
  const of = ({ runs, absent }: Draft) => runs[0]?.number ?? absent?.number ?? 0;
  return of(one) - of(other);
}

function newest(node: LineageNode): number {
  return Math.max(...node.runs.map(({ number }) => number), node.absent?.number ?? 0, ...node.children.map(newest));
}

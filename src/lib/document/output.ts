import type { Group } from '#core/config/config.ts';
import type { Remedy } from '#core/dataset/remedies.ts';
import { cellObstacle } from '#core/notebook/graph.ts';

/** A cell in the way of others, and what is the matter with it, e.g. "has a problem". */
export interface Obstacle {
  readonly cell: Group;
  readonly why: string;
}

/** How far something is that a page works out from its cells. */
export type Output<Value> =
  | { readonly state: 'computed'; readonly value: Value }
  /** On its way; `last` is what older cells came to, null where nothing was worked out before. */
  | { readonly state: 'computing'; readonly last: Value | null }
  /** It cannot be worked out. */
  | ({ readonly state: 'missing' } & Obstacle);

/** What the newest cells come to; null while that is not known. */
export function computedOf<Value>(output: Output<Value>): Value | null {
  return output.state === 'computed' ? output.value : null;
}

/** What there is to show: the same, or what older cells came to while it is on its way. */
export function latestOf<Value>(output: Output<Value>): Value | null {
  return output.state === 'computing' ? output.last : computedOf(output);
}

/** What stands in the way of a preview, and at which key. */
export interface PreviewTrouble {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  /** Whether it is of older cells, while the newest are tried. */
  readonly isOld: boolean;
  /** What could not be worked out first. */
  readonly of: 'bars' | 'columns' | 'labels' | 'samples';
}

/** The cell at which a trouble is shown: the one its key belongs to, else where the data comes from. */
export function cellOfTrouble({ path }: Pick<PreviewTrouble, 'path'>): Group {
  const first = path.split('.')[0];
  return first === 'features' || first === 'targets' || first === 'model' ? first : 'data';
}

const tooShort = ['split_too_small', 'warmup_too_long', 'data_empty'];

/**
 * The cells that a trouble concerns, the one that it is shown at first: where too little data is left for what the
 * others ask for, the data as well, and the features where those can do with less of it.
 */
export function cellsOfTrouble(
  trouble: Pick<PreviewTrouble, 'code' | 'path'>,
  remedies: readonly Pick<Remedy, 'path'>[] = [],
): readonly Group[] {
  const owner = cellOfTrouble(trouble);
  if (!tooShort.includes(trouble.code)) return [owner];
  const canHelp = remedies.some(({ path }) => path[0] === 'features');
  return [...new Set<Group>([owner, 'data', ...(canHelp ? (['features'] as const) : [])])];
}

/** The cell that another one waits for, and what is the matter with it: a problem of its own, else what its data came to. */
export function obstacleOf(
  group: Group,
  broken: readonly Group[],
  trouble: PreviewTrouble | null = null,
): Obstacle | null {
  const cell = cellObstacle(group, broken);
  if (cell !== null) return { cell, why: 'has a problem' };
  // Where there are columns and labels, but too few samples, it is the run alone that waits.
  if (trouble === null || (trouble.of === 'samples' && group !== 'train')) return null;
  const owner = cellObstacle(group, [cellOfTrouble(trouble)]);
  return owner === null ? null : { cell: owner, why: troubleWords(trouble) };
}

/** What is the matter with the cell of a trouble, after its name. */
export function troubleWords({ code, path }: Pick<PreviewTrouble, 'code' | 'path'>): string {
  const owner = cellOfTrouble({ path });
  if (code === 'split_too_small') return 'leaves a split too small';
  if (code === 'warmup_too_long') return 'needs more bars than there are';
  if (owner === 'data') return code === 'data_empty' ? 'has no bars to work with' : 'could not be read';
  return 'has a problem';
}

/** Whether another reading of the columns could be the way out: they are not known, or what they are taken for is no bar. */
export function asksForColumns({ code, path }: Pick<PreviewTrouble, 'code' | 'path'>): boolean {
  if (/^data\.(columns|symbol)\b/.test(path)) return true;
  return path === 'data.source' && (code === 'data_unreadable' || code === 'data_empty');
}

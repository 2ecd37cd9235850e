import { type Config, type Group, groups } from '#core/config/config.ts';
import { toFile } from '#core/config/config-file.ts';
import { type ConfigDiff, diffConfigs } from '#core/config/diff.ts';

/** What each cell is worked out from, besides its own keys. */
const dependencies: Readonly<Record<Group, readonly Group[]>> = {
  data: [],
  features: ['data'],
  targets: ['data'],
  model: ['features', 'targets'],
  loss: ['targets'],
  train: ['data', 'features', 'targets', 'model', 'loss'],
};

/** What stands under the cells or in their headers, each by the cells that it is worked out from. */
export const outputNeeds = {
  /** Bars, their cleaning and their picture. */
  bars: ['data'],
  /** Feature columns, timeframes and warm-up. */
  columns: ['data', 'features'],
  /** Labels, their balance and the rows that have none. */
  labels: ['data', 'targets'],
  /** Windows, the rows that are lost, and the samples of each split. */
  samples: ['data', 'features', 'targets', 'model'],
  /** Trainable numbers: as many as columns and tasks ask for. */
  parameters: ['features', 'targets', 'model'],
  /** Bars that one prediction can use. */
  context: ['model'],
  /** How far back the window and the warm-up of the features reach. */
  reach: ['data', 'features', 'model'],
  /** Bytes of a training. */
  memory: ['data', 'features', 'targets', 'model', 'train'],
} as const satisfies Readonly<Record<string, readonly Group[]>>;
export type OutputName = keyof typeof outputNeeds;

/**
 * The cell with a problem that keeps an output from being worked out, the first in the order of the page; null where none
 * does. Nothing of another configuration, old or default, takes the place of what a broken cell would have said.
 */
export function outputObstacle(output: OutputName, broken: readonly Group[]): Group | null {
  const needed: readonly Group[] = outputNeeds[output];
  return groups.find((group) => needed.includes(group) && broken.includes(group)) ?? null;
}

/** The other cell with a problem that a cell waits for: the first, in the order of the page, that it needs; null for none. */
export function cellObstacle(group: Group, broken: readonly Group[]): Group | null {
  return groups.find((other) => broken.includes(other) && needs(group, other)) ?? null;
}

/** Cells that need this one, directly or through others, in the order of the page. */
export function dependents(group: Group): readonly Group[] {
  return groups.filter((other) => other !== group && needs(other, group));
}

function needs(group: Group, wanted: Group): boolean {
  return dependencies[group].some((direct) => direct === wanted || needs(direct, wanted));
}

/** Whether the outputs under a cell are still those of the configuration on the page. */
export interface Staleness {
  readonly state: 'never' | 'fresh' | 'stale';
  /** In words, empty when fresh, e.g. "features.timeframes.1h.rsi.period 14 → 21". */
  readonly reason: string;
}

/**
 * Staleness of every cell: `ran` is the configuration that the outputs came from, null when nothing has run. A cell is
 * stale when its own keys differ, or those of a cell it needs.
 */
export function cellStaleness(current: Config, ran: Config | null): Readonly<Record<Group, Staleness>> {
  const changes = ran ? diffConfigs(toFile(ran), toFile(current)) : {};
  const judge = (group: Group): Staleness => {
    if (!ran) return { state: 'never', reason: 'never run' };
    const reason = changeWords(changes, group);
    return reason === '' ? { state: 'fresh', reason } : { state: 'stale', reason };
  };
  return Object.fromEntries(groups.map((group) => [group, judge(group)])) as Record<Group, Staleness>;
}

/** Why a cell is no longer what it was: its own changes, else those of the first cell that it needs; empty for neither. */
export function changeWords(changes: ConfigDiff, group: Group): string {
  const own = changesOf(changes, group);
  if (own.length > 0) return own.join(', ');
  const cause = groups.find((other) => needs(group, other) && changesOf(changes, other).length > 0);
  return cause === undefined ? '' : `needs ${cause}: ${changesOf(changes, cause).join(', ')}`;
}

/** The changes of one cell in words: "features.timeframes.1h.rsi.period 14 → 21". */
export function changesOf(changes: ConfigDiff, group: Group): readonly string[] {
  return Object.entries(changes)
    .filter(([key]) => key.startsWith(`${group}.`))
    .map(([key, change]) => describeChange(key, change));
}

/** One changed key in words: "train.seed 1 → 2", "features.timeframes.4h added". */
export function describeChange(key: string, [before, after]: readonly [unknown, unknown]): string {
  const isBlock = (value: unknown) => typeof value === 'object' && value !== null;
  if (isBlock(after) && before === null) return `${key} added`;
  if (isBlock(before) && after === null) return `${key} removed`;
  return `${key} ${brief(before)} → ${brief(after)}`;
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

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
    const own = changesOf(changes, group);
    if (own.length > 0) return { state: 'stale', reason: own.join(', ') };
    const cause = groups.find((other) => needs(group, other) && changesOf(changes, other).length > 0);
    if (!cause) return { state: 'fresh', reason: '' };
    return { state: 'stale', reason: `needs ${cause}: ${changesOf(changes, cause).join(', ')}` };
  };
  return Object.fromEntries(groups.map((group) => [group, judge(group)])) as Record<Group, Staleness>;
}

function changesOf(changes: ConfigDiff, group: Group): string[] {
  return Object.entries(changes)
    .filter(([key]) => key.startsWith(`${group}.`))
    .map(([key, change]) => describeChange(key, change));
}

/** One changed key in words: "train.seed 1 → 2", "features.timeframes.4h added". */
function describeChange(key: string, [before, after]: readonly [unknown, unknown]): string {
  const isBlock = (value: unknown) => typeof value === 'object' && value !== null;
  if (isBlock(after) && before === null) return `${key} added`;
  if (isBlock(before) && after === null) return `${key} removed`;
  return `${key} ${brief(before)} → ${brief(after)}`;
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

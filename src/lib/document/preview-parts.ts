import { type ConfigGroups, type Group, groups as allGroups } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import type { DataConfig } from '#core/config/data.ts';
import { outputNeeds } from '#core/notebook/graph.ts';
import type { Preview } from '#lib/worker/preview.ts';
import { isTooLittle } from '#lib/worker/too-little.ts';

/** What a worker works out, each part from its own cells. */
export const partNames = ['columns', 'labels', 'samples'] as const;
export type PartName = (typeof partNames)[number];

/** Whether so many rows are lost that remedies are looked for: more than a fifth. */
export function isMuchLost(kept: number, rows: number): boolean {
  return kept < 0.8 * rows;
}

export function brokenOf(groups: ConfigGroups): readonly Group[] {
  return allGroups.filter((group) => groups[group] === null);
}

/**
 * What the bars depend on: where they are split is no matter of theirs. Where only the newest bars came, the sidecar was
 * asked where all of them are split as well.
 */
export function readingKey({ split, ...input }: DataConfig, isWhole = true): string {
  return canonicalJson(isWhole ? input : { ...input, split });
}

export function furtherColumns(features: ConfigGroups['features']): readonly string[] {
  return Object.keys(features?.columns ?? {}).sort();
}

/** The cells, those that say what they said before as the same objects: what is worked out from them then stands still. */
export function keepUnchanged(groups: ConfigGroups, before: ConfigGroups | null): ConfigGroups {
  if (before === null) return groups;
  const isSame = (group: Group) => canonicalJson(groups[group]) === canonicalJson(before[group]);
  if (allGroups.every(isSame)) return before;
  return Object.fromEntries(
    allGroups.map((group) => [group, isSame(group) ? before[group] : groups[group]]),
  ) as unknown as ConfigGroups;
}

/** Equal for cells that come to the same part. */
export function keyOf(name: PartName, groups: ConfigGroups): string {
  const needed: readonly Group[] = outputNeeds[name];
  return canonicalJson(needed.map((group) => (group === 'model' ? (groups.model?.lookback ?? null) : groups[group])));
}

export function needsRemedies({ samples }: Preview): boolean {
  if (!samples) return false;
  if (!samples.ok) return samples.failure.lack === null && isTooLittle(samples.failure);
  const { bars, samples: kept } = samples.value.report;
  return isMuchLost(kept.train + kept.validation + kept.test, bars);
}

import { canonicalJson } from './digest.ts';
import { type Document, isMap } from './document.ts';

/** Dotted key → [old, new]; null = absent. */
export type ConfigDiff = Readonly<Record<string, readonly [unknown, unknown]>>;

/**
 * The keys in which two configurations differ, both in the form of files. Maps are compared key by key; a map that only
 * one side has is reported as a whole, under its own key.
 */
export function diffConfigs(before: Document, after: Document): ConfigDiff {
  return Object.fromEntries(differences(before, after, []));
}

function differences(
  before: unknown,
  after: unknown,
  path: readonly string[],
): [string, readonly [unknown, unknown]][] {
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  return [[path.join('.'), [before ?? null, after ?? null]]];
}

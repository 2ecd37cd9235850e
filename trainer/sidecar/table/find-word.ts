import type { FlatKeys } from './flat-values.ts';
import type { RunEntry } from './run-entry.ts';

/**
 * Whether a word, in small letters, stands in what a run is called and said to be, in the keys it changed, in a text of its
 * configuration, or is part of a key that it has: `rsi` finds the runs that use it. The names of the cells count for nothing, which
 * every run has.
 */
export function findWord(word: string, keys: FlatKeys): (run: RunEntry) => boolean {
  const named = new Set(
    keys.keys().flatMap((key, place) => (key.toLowerCase().split('.').slice(1).includes(word) ? [place] : [])),
  );
  const has = inTexts(word);
  return (run) =>
    has(run.name) ||
    `r${run.number}` === word ||
    has(run.notebook) ||
    has(run.status) ||
    has(run.notes) ||
    has(run.conclusion) ||
    run.prose.some(has) ||
    has(run.reason) ||
    has(run.engine?.name) ||
    run.tags.some(has) ||
    run.changedKeys.some(has) ||
    run.config.some((value, place) => (named.has(place) && value !== undefined) || has(value));
}

/** Many runs have the same texts. */
function inTexts(word: string): (text: unknown) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    if (typeof text !== 'string') return false;
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = text.toLowerCase().includes(word);
    known.set(text, now);
    return now;
  };
}

import { createHash } from 'node:crypto';
import { outsideSetup } from '#core/run/setup.ts';
import type { FlatKeys } from './flat-values.ts';
import type { RunEntry } from './run-entry.ts';

const digests = new WeakMap<FlatKeys, Map<string, string>>();
const known = new WeakMap<RunEntry, string>();

/** Digest of a run's configuration without what is outside its setup. */
export function setupOf(run: RunEntry, keys: FlatKeys): string {
  const before = known.get(run);
  if (before !== undefined) return before;
  const digest = digestOf(run, keys);
  known.set(run, digest);
  return digest;
}

function digestOf({ config }: RunEntry, keys: FlatKeys): string {
  const outside = new Set(outsideSetup.map((key) => keys.placeOf(key)));
  // Most runs have the configuration of another but for the seed: a digest is made once for all of them.
  const written = config
    .map((value, place) => (outside.has(place) ? '' : typeof value === 'string' ? `"${value}` : value))
    .join('\n');
  const ofKeys = digests.get(keys) ?? new Map<string, string>();
  digests.set(keys, ofKeys);
  const known = ofKeys.get(written);
  if (known !== undefined) return known;
  const names = keys.keys();
  // The places of keys depend on which run was read first, so the digest is of names.
  const named = config.flatMap((value, place) =>
    value === undefined || outside.has(place) ? [] : [`${names[place]}=${JSON.stringify(value)}`],
  );
  const digest = createHash('sha256').update(named.sort().join('\n')).digest('hex').slice(0, 8);
  ofKeys.set(written, digest);
  return digest;
}

import { type Document, withValue } from '#core/config/document.ts';

/** Keys that make no other run of a configuration: the engine changes no more than last digits, a sealed test nothing. */
const sameRun = ['train.engine', 'data.split.sealed'] as const;

/** Keys that make no other setup: runs that differ in these alone are one thing, tried again. */
export const outsideSetup: readonly string[] = [...sameRun, 'train.seed'];

/** A configuration without the keys that make no other run of it. */
export function runIdentity(config: Document): Document {
  return without(config, sameRun);
}

/** A configuration without the keys that make no other setup: equal for runs that are equal but for the seed. */
export function setupOf(config: Document): Document {
  return without(config, outsideSetup);
}

function without(config: Document, keys: readonly string[]): Document {
  return keys.reduce((bare, key) => withValue(bare, key.split('.'), undefined), config);
}

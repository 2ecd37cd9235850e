import { createHash } from 'node:crypto';
import { canonicalJson } from '#core/config/digest.ts';

/** The key of one result, and what went into it, each part as a hash: by them is told what has changed. */
export interface CellKey {
  /** What it is the result of: a step, or what is shown of one. */
  readonly step: string;
  /** sha256 in hex of all that follows. */
  readonly key: string;
  /** The resolved settings that it depends on. */
  readonly settings: string;
  /** What it is worked out from: keys of other results, and the fingerprint of the data. */
  readonly inputs: string;
  /** The code that works it out (codeVersion). */
  readonly code: string;
}

/**
 * Equal where step, meaning, inputs and code are equal, and else different.
 * @param settings as stepSettings gives them: values in which the order of keys means nothing
 */
export function toCellKey(
  step: string,
  {
    settings,
    inputs,
    code,
  }: { readonly settings: unknown; readonly inputs: readonly unknown[]; readonly code: string },
): CellKey {
  const parts = { step, settings: hash(settings), inputs: hash(inputs), code };
  return { ...parts, key: hash(parts) };
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

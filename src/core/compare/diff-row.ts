import type { DiffRow, DiffValue } from '#core/api/run-diff.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { isMap } from '#core/config/document.ts';

/** A key with what each run has under it: undefined where a configuration has no such key. */
export function diffRow(key: string, values: readonly unknown[]): DiffRow {
  return rowOf(
    key,
    values.map((value) => (value === undefined ? { state: 'absent' } : { state: 'known', value })),
  );
}

/** The same of what is recorded of runs: null where it is not. */
export function recordedRow(key: string, values: readonly unknown[]): DiffRow {
  return rowOf(
    key,
    values.map((value) => (value === null || value === undefined ? { state: 'unknown' } : { state: 'known', value })),
  );
}

function rowOf(key: string, values: readonly DiffValue[]): DiffRow {
  const texts = new Set(values.map((value) => canonicalJson(value)));
  const types = new Set(values.flatMap((one) => (one.state === 'known' ? [typeOf(one.value)] : [])));
  const [type = 'none'] = types;
  return { key, type: types.size > 1 ? 'mixed' : type, values, equal: texts.size === 1 };
}

function typeOf(value: unknown): DiffRow['type'] {
  if (value === null) return 'none';
  if (Array.isArray(value)) return 'list';
  if (isMap(value)) return 'map';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean';
  return 'text';
}

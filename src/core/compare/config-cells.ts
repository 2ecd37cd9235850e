import type { DiffCell, DiffRow } from '#core/api/run-diff.ts';
import { groups } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { type Document, isMap, ownValue } from '#core/config/document.ts';
import { diffRow } from './diff-row.ts';

/**
 * The keys of configurations, in the form of files, cell by cell in the order of the page, with the value of each. A map
 * that some have and others lack is one row where those that have it agree, else a row for each of its keys.
 */
export function configCells(configs: readonly Document[]): readonly DiffCell[] {
  const named = configs.flatMap((config) => Object.keys(config));
  return [...new Set<string>([...groups, ...named])].flatMap((cell) => {
    const rows = rowsOf(
      [],
      configs.map((config) => ownValue(config, cell)),
    );
    return rows.length === 0 ? [] : [{ cell, rows }];
  });
}

function rowsOf(path: readonly string[], values: readonly unknown[]): readonly DiffRow[] {
  const given = values.filter((value) => value !== undefined);
  const isNested = given.length > 0 && given.every((value) => isMap(value) && Object.keys(value).length > 0);
  const isPartial = path.length > 0 && given.length < values.length && new Set(given.map(canonicalJson)).size === 1;
  if (!isNested || isPartial) return given.length === 0 ? [] : [diffRow(path.join('.'), values)];
  const keys = new Set(given.flatMap((value) => Object.keys(isMap(value) ? value : {})));
  return [...keys].flatMap((key) =>
    rowsOf(
      [...path, key],
      values.map((value) => ownValue(value, key)),
    ),
  );
}

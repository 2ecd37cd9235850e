import type { KnownColumn } from '#core/api/run-table.ts';
import { addAliases } from '#core/query/column-aliases.ts';
import type { FilterColumn } from '#core/query/filter-column.ts';

/** The columns that a filter may name, by their keys and by their other names. */
export function filterColumns(known: readonly KnownColumn[]): ReadonlyMap<string, FilterColumn> {
  const columns = new Map<string, FilterColumn>(known.map((column) => [column.key, column]));
  addAliases(columns);
  return columns;
}

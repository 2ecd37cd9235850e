import type { KnownColumn } from '#core/api/run-table.ts';
import { columnAliases } from '#core/query/column-aliases.ts';
import type { FilterColumn } from '#core/query/filter-column.ts';

/** The columns that a filter may name, by their keys and by their other names. */
export function filterColumns(known: readonly KnownColumn[]): ReadonlyMap<string, FilterColumn> {
  const columns = new Map<string, FilterColumn>(known.map((column) => [column.key, column]));
  for (const [name, key] of Object.entries(columnAliases)) {
    const column = columns.get(key);
    if (column !== undefined) columns.set(name, column);
  }
  return columns;
}

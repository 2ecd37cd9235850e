import type { TableColumn } from '#core/api/run-table.ts';

/** Columns that every row shows by itself, whatever is asked for. */
const standing: ReadonlySet<string> = new Set(['run', 'name', 'state', 'rows']);

/** px, by what a column holds. */
const widths: Readonly<Record<TableColumn['kind'], number>> = {
  number: 112,
  seconds: 92,
  date: 138,
  text: 150,
  state: 110,
  tags: 150,
  run: 76,
  truth: 84,
  mixed: 120,
};

/** A column of the grid: where its cells are, and how wide. */
export interface GridColumn extends TableColumn {
  /** Place of its cells in a row. */
  readonly at: number;
  readonly width: number;
}

/** The columns that are drawn beside those that always stand. */
export function gridColumns(columns: readonly TableColumn[]): readonly GridColumn[] {
  return columns
    .map((column, at) => ({ ...column, at, width: column.key === 'conclusion' ? 280 : widths[column.kind] }))
    .filter(({ key }) => !standing.has(key));
}

import type { TableColumn } from '#core/api/run-table.ts';

/** Columns that every row shows by itself, whatever is asked for. */
export const standing: ReadonlySet<string> = new Set(['run', 'name', 'state', 'rows']);

/** px, by what a column holds. */
const widths: Readonly<Record<TableColumn['kind'], number>> = {
  number: 96,
  seconds: 94,
  date: 112,
  text: 150,
  state: 106,
  tags: 150,
  run: 76,
  truth: 84,
  mixed: 120,
};

/** px, of columns whose values are known to be short or long. */
const ownWidths: Readonly<Record<string, number>> = { conclusion: 280, engine: 76, device: 120, changed: 240 };

/** px, of the ends of an interval as "0.0145–0.0206"; those of a share have a digit less. */
const longInterval = 118;
const hasLongInterval = ({ key, part }: TableColumn) =>
  part === 'metric' && /\.(rmse|mae|ic|r2|brier|log_loss)$/.test(key);

/** A column of the grid: where its cells are, and how wide. */
export interface GridColumn extends TableColumn {
  /** Place of its cells in a row. */
  readonly at: number;
  readonly width: number;
}

const widthOf = (column: TableColumn) =>
  ownWidths[column.key] ?? (hasLongInterval(column) ? longInterval : widths[column.kind]);

/** px more of a mean with its spread, and of a date that is not told from now. */
const groupExtra = 50;

/** The columns that are drawn beside those that always stand. */
export function gridColumns(columns: readonly TableColumn[], isGrouped: boolean): readonly GridColumn[] {
  const extra = ({ kind }: TableColumn) =>
    isGrouped && (kind === 'number' || kind === 'seconds' || kind === 'date') ? groupExtra : 0;
  return columns
    .map((column, at) => ({ ...column, at, width: widthOf(column) + extra(column) }))
    .filter(({ key }) => !standing.has(key));
}

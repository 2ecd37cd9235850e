/**
 * The numbers behind a chart, as they are shown in its table and written to its CSV: in full, with the minus of programs,
 * NaN and Infinity by name. An empty text stands where there is no point.
 */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string)[])[];
}

/** The last `newest` rows of a chart's table; all of them unless told. */
export type ReadTable = (newest?: number) => ChartTable;

/** A spreadsheet runs a text cell that begins like a formula; such a cell gets an apostrophe in front. */
function cell(value: number | string): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(table: ChartTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';
}

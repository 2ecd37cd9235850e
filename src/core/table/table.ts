import type { RawColumn } from './column.ts';

/** Rows of one file as columns, before anything is understood about them. */
export interface RawTable {
  /** Base name of the file, for messages. */
  readonly name: string;
  /** Column names of the file, or null where it has none. */
  readonly names: readonly string[] | null;
  /** The instrument that each column belongs to, where the header names one (`Ticker` rows of yfinance); else null. */
  readonly instruments: readonly (string | null)[] | null;
  /** All `rows` long. */
  readonly columns: readonly RawColumn[];
  readonly rows: number;
  /** Remarks of the reader (junk skipped, header rows joined). */
  readonly notes: readonly string[];
}

/** Some rows of a table, in the order given. */
export function takeRows(table: RawTable, rows: Int32Array): RawTable {
  const columns = table.columns.map(({ kind, numbers, texts, naive }) => ({
    kind: Uint8Array.from(rows, (row) => kind[row]),
    numbers: Float64Array.from(rows, (row) => numbers[row]),
    texts: texts && texts.take(rows),
    naive,
  }));
  return { ...table, columns, rows: rows.length };
}

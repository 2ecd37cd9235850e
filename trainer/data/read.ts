import type { RawTable } from '#core/bars/table.ts';
import { readCsv } from './csv.ts';
import { readJson, readJsonLines } from './json.ts';
import { readParquet } from './parquet.ts';
import { type SourceFile, unreadable } from './source-file.ts';

/**
 * Reads an open file as a table, by the ending of its name (without `.gz`): CSV, TSV and text, JSON, JSON lines, or
 * Parquet.
 * @throws AppError data_unreadable
 */
export async function readTable(file: SourceFile): Promise<RawTable> {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(file.name)?.[1].toLowerCase();
  switch (ending) {
    case 'csv':
    case 'tsv':
    case 'txt':
      return readCsv(file);
    case 'json':
      return readJson(file);
    case 'jsonl':
    case 'ndjson':
      return readJsonLines(file);
    case 'parquet':
      return readParquet(file);
    default:
      throw unreadable(
        file.name,
        'has an unknown ending',
        'Expected CSV, TSV, JSON, JSON lines or Parquet, perhaps with .gz.',
      );
  }
}

/**
 * Joins the tables of several files of one market, in the order given.
 * @throws AppError data_unreadable where their columns differ
 */
export function joinTables(parts: readonly { readonly name: string; readonly table: RawTable }[]): RawTable {
  const [first, ...others] = parts;
  if (others.length === 0) return first.table;
  const { names } = first.table;
  const maps = parts.map(({ name, table }) => {
    if (names === null && table.names === null) {
      if (table.columns.length === first.table.columns.length) return table.columns;
    } else if (names !== null && table.names !== null) {
      const own = table.names;
      const columns = names.map((wanted) => table.columns[own.indexOf(wanted)]);
      if (columns.every((column) => column !== undefined)) return columns;
    }
    throw unreadable(name, `has other columns than ${JSON.stringify(first.name)}`, 'Name files of one layout.');
  });
  const columns = first.table.columns.map((_, index) => maps.flatMap((own) => Array.from(own[index])));
  const rows = parts.reduce((sum, { table }) => sum + table.rows, 0);
  return { names, columns, rows, notes: [...first.table.notes, `${parts.length} files joined`] };
}

import type { RawTable } from '#core/table/table.ts';
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

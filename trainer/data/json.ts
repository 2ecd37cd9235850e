import { ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import { plainNumber } from '#core/table/number-text.ts';
import type { RawTable } from '#core/table/table.ts';
import { readAll, type SourceFile, unreadable } from './source-file.ts';
import { readBlocks } from './text.ts';

/** JSON is read as one string, and strings in V8 are shorter than 512 MiB. */
const maxJsonBytes = 384 * 1024 ** 2;

const shapes =
  'Expected rows [[time, open, high, low, close, volume], …], objects [{"time": …}, …] or columns {"time": […], …}.';

/**
 * Reads JSON as rows, as objects, as columns, or as any of these under `data`, `candles`, `bars`, `result` or
 * `values`; beside it `columns` may name the cells of rows.
 * @throws AppError data_unreadable, with line and column where the text is no JSON
 */
export async function readJson(file: SourceFile): Promise<RawTable> {
  const text = new TextDecoder().decode(await readAll(file, maxJsonBytes));
  return toTable(file, parse(file, text, 1));
}

/** Reads one JSON row or object a line. @throws AppError data_unreadable */
export async function readJsonLines(file: SourceFile): Promise<RawTable> {
  const rows: unknown[] = [];
  for await (const { text, line } of readBlocks(file)) {
    text.split('\n').forEach((row, index) => {
      if (row.trim() !== '') rows.push(parse(file, row, line + index));
    });
    checkRows(file, rows.length);
  }
  return toTable(file, rows);
}

function parse(file: SourceFile, text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const at = /line (\d+) column (\d+)/.exec((cause as Error).message);
    const where = at ? `line ${line + Number(at[1]) - 1}, column ${at[2]}` : `line ${line}`;
    throw unreadable(file.name, `is no JSON at ${where}`, shapes, cause);
  }
}

function toTable(file: SourceFile, value: unknown): RawTable {
  if (Array.isArray(value))
    return value.length > 0 && isRecord(value[0]) ? fromObjects(file, value) : fromRows(file, value, null);
  if (isRecord(value)) {
    for (const key of ['data', 'candles', 'bars', 'result', 'values']) {
      const inner = Object.hasOwn(value, key) ? value[key] : undefined;
      if (!Array.isArray(inner)) continue;
      const columns = Object.hasOwn(value, 'columns') ? value.columns : undefined;
      return Array.isArray(columns) && Array.isArray(inner[0])
        ? fromRows(file, inner, columns.map(String))
        : toTable(file, inner);
    }
    const columns = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    if (columns.length > 0) return fromColumns(file, columns);
  }
  throw unreadable(file.name, 'is JSON of another shape', shapes);
}

function fromRows(file: SourceFile, rows: readonly unknown[], header: readonly string[] | null): RawTable {
  const first = rows[0];
  const wrong = rows.findIndex((row) => !Array.isArray(row));
  if (wrong >= 0) throw unreadable(file.name, `has no array at row ${wrong + 1}`, shapes);
  const lines = rows as readonly (readonly unknown[])[];
  const ownHeader =
    header === null &&
    Array.isArray(first) &&
    first.length > 0 &&
    first.every((cell) => typeof cell === 'string' && Number.isNaN(plainNumber(cell.trim())));
  const names = ownHeader ? lines[0].map(String) : header;
  const body = ownHeader ? lines.slice(1) : lines;
  checkRows(file, body.length);
  const width = checkWidth(file, names?.length ?? (Array.isArray(first) ? first.length : 0));
  const columns = Array.from({ length: width }, (_, index) => toColumn(body, (row) => row[index]));
  return tableOf(file, names, columns, body.length);
}

function fromObjects(file: SourceFile, objects: readonly unknown[]): RawTable {
  const wrong = objects.findIndex((row) => !isRecord(row));
  if (wrong >= 0) throw unreadable(file.name, `has no object at row ${wrong + 1}`, shapes);
  checkRows(file, objects.length);
  const rows = objects as readonly Readonly<Record<string, unknown>>[];
  const names = Object.keys(rows[0]);
  checkWidth(file, names.length);
  const columns = names.map((name) => toColumn(rows, (row) => (Object.hasOwn(row, name) ? row[name] : null)));
  return tableOf(file, names, columns, rows.length);
}

function fromColumns(file: SourceFile, entries: readonly (readonly [string, unknown[]])[]): RawTable {
  const rows = entries[0][1].length;
  const odd = entries.find(([, values]) => values.length !== rows);
  if (odd) {
    const lengths = `${JSON.stringify(odd[0].slice(0, 40))} has ${odd[1].length} values, ${JSON.stringify(entries[0][0].slice(0, 40))} ${rows}`;
    throw unreadable(file.name, `has columns of different length: ${lengths}`, shapes);
  }
  checkRows(file, rows);
  checkWidth(file, entries.length);
  const columns = entries.map(([, values]) => toColumn(values, (value) => value));
  return tableOf(
    file,
    entries.map(([name]) => name),
    columns,
    rows,
  );
}

function tableOf(
  file: SourceFile,
  names: readonly string[] | null,
  columns: readonly RawColumn[],
  rows: number,
): RawTable {
  return { name: file.name, names, instruments: null, columns, rows, notes: [] };
}

function toColumn<Row>(rows: readonly Row[], cellOf: (row: Row) => unknown): RawColumn {
  const builder = new ColumnBuilder(rows.length);
  for (const row of rows) {
    const value = cellOf(row);
    if (typeof value === 'number') builder.number(value);
    else if (typeof value === 'string') builder.text(value);
    else builder.blank();
  }
  return builder.finish();
}

function checkRows(file: SourceFile, rows: number): void {
  if (rows > file.limits.maxRows) throw unreadable(file.name, `has more than ${file.limits.maxRows} rows`, 'Split it.');
}

function checkWidth(file: SourceFile, width: number): number {
  if (width > file.limits.maxColumns) {
    throw unreadable(
      file.name,
      `has ${width} columns, more than ${file.limits.maxColumns}`,
      'Expected a table of bars.',
    );
  }
  return width;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

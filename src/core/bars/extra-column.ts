import { closest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { toNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { columnLabel, columnsNamed, quote } from './column-mapping.ts';

/** Rows from which a column is judged to hold numbers, for what is offered. */
const judgedRows = 1000;
/** More cells that are text than this share, and the column is none of numbers. */
const mostTexts = 0.01;

/**
 * The column that `features.columns` names, by its name or as `#3` by its place.
 * @param own columns of the instrument wanted; they decide between columns of one name
 * @throws AppError invalid_config at `features.columns.<name>`, with the name that was probably meant and those there are
 */
export function findExtra(table: RawTable, name: string, own: readonly number[]): number {
  const all = columnsNamed(table, name);
  const found = all.length > 1 ? all.filter((index) => own.includes(index)) : all;
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const places = found.map((index) => `#${index + 1}`).join(', ');
    throw refusal(name, `${table.name} has ${found.length} columns ${quote(name)}: expected one of ${places}`);
  }
  const there = numericColumns(table);
  const meant = closest(name, there);
  const list =
    there.length > 0
      ? `its columns of numbers are ${there.map(quote).join(', ')}`
      : 'none of its columns holds numbers';
  const hint = meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
  throw refusal(name, `${table.name} has no column ${quote(name)}${hint}; ${list}`);
}

/**
 * A further column as numbers, NaN where a cell is blank or no number. A few texts among them are counted in `notes`
 * and count as missing.
 * @throws AppError invalid_config at `features.columns.<name>`, with the text, where the column holds no numbers
 */
export function readExtra(table: RawTable, column: number, name: string, notes: string[]): Float64Array {
  const raw = table.columns[column];
  const numbers = toNumbers(table, column);
  notes.push(...numbers.notes);
  let [texts, filled, first] = [0, 0, -1];
  for (let row = 0; row < table.rows; row++) {
    const kind = raw.kind[row];
    if (kind === cellKinds.blank) continue;
    filled++;
    const isNumber = kind !== cellKinds.instant && (kind !== cellKinds.text || !Number.isNaN(numbers.values[row]));
    if (!isNumber && texts++ === 0) first = row;
  }
  if (texts === 0) return numbers.values;
  const sample = quote(cellText(raw, first));
  if (texts > mostTexts * filled) {
    throw refusal(name, `expected a column of numbers, and ${texts} of ${filled} cells are none, the first ${sample}`);
  }
  notes.push(`${name}: ${texts} cells are no numbers and count as missing, the first ${sample}`);
  return numbers.values;
}

/** Columns that hold numbers, as their first rows say, by the names that `features.columns` takes. */
export function numericColumns(table: RawTable): readonly string[] {
  const columns = table.columns.map(firstRows);
  const head = { ...table, rows: Math.min(table.rows, judgedRows), columns };
  return columns.flatMap(({ kind }, index) => {
    const filled = kind.reduce((count, one) => count + (one === cellKinds.blank ? 0 : 1), 0);
    if (filled === 0 || kind.includes(cellKinds.instant)) return [];
    const { values } = toNumbers(head, index);
    const numbers = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    return filled - numbers <= mostTexts * filled ? [columnLabel(table, index)] : [];
  });
}

function firstRows({ kind, numbers, texts, naive }: RawColumn): RawColumn {
  const rows = judgedRows;
  return {
    kind: kind.subarray(0, rows),
    numbers: numbers.subarray(0, rows),
    texts: texts?.slice(0, rows) ?? null,
    naive,
  };
}

function refusal(name: string, message: string): AppError {
  const path = `features.columns.${name}`;
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}

import { closest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { isMissingText, isNumberText } from '#core/table/number-cell.ts';
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
 * The values of a further column, once they are known to be numbers. A few texts among them are counted in `notes` and
 * count as missing.
 *
 * @param values the column as numbers, NaN where a cell is blank or none
 * @throws AppError invalid_config at `features.columns.<name>`, with the text, where the column holds no numbers
 */
export function readExtra(
  table: RawTable,
  column: number,
  name: string,
  values: Float64Array,
  notes: string[],
): Float64Array {
  const { kind, texts } = table.columns[column];
  let [others, filled, first] = [0, 0, -1];
  for (let row = 0; row < table.rows; row++) {
    if (isBlank(kind[row], texts?.at(row))) continue;
    filled++;
    const isNumber = kind[row] !== cellKinds.instant && (kind[row] !== cellKinds.text || !Number.isNaN(values[row]));
    if (!isNumber && others++ === 0) first = row;
  }
  if (others === 0) return values;
  const sample = quote(cellText(table.columns[column], first));
  if (others > mostTexts * filled) {
    throw refusal(name, `expected a column of numbers, and ${others} of ${filled} cells are none, the first ${sample}`);
  }
  notes.push(`${name}: ${others} cells are no numbers and count as missing, the first ${sample}`);
  return values;
}

/** Columns that hold numbers, as their first rows say, by the names that `features.columns` takes. */
export function numericColumns(table: RawTable): readonly string[] {
  return table.columns.flatMap((column, index) => (holdsNumbers(column) ? [columnLabel(table, index)] : []));
}

function holdsNumbers({ kind, texts }: RawColumn): boolean {
  let [numbers, others] = [0, 0];
  for (let row = 0; row < Math.min(kind.length, judgedRows); row++) {
    if (kind[row] === cellKinds.instant) return false;
    if (isBlank(kind[row], texts?.at(row))) continue;
    if (kind[row] !== cellKinds.text || isNumberText(texts?.at(row) ?? '')) numbers++;
    else others++;
  }
  return numbers > 0 && others <= mostTexts * (numbers + others);
}

function isBlank(kind: number, text: string | undefined): boolean {
  return kind === cellKinds.blank || (kind === cellKinds.text && isMissingText(text ?? ''));
}

function refusal(name: string, message: string): AppError {
  const path = `features.columns.${name}`;
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}

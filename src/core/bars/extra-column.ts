import { closest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { isNumberText } from '#core/table/number-cell.ts';
import type { RawTable } from '#core/table/table.ts';

/** Rows from which a column is judged to hold numbers, for what is offered. */
const judgedRows = 1000;
/** More cells that are text than this share, and the column is none of numbers. */
const mostTexts = 0.01;

/** A further column of the file that features read. */
interface ExtraColumn {
  /** One a row; NaN where the cell is blank or no number. */
  readonly values: Float64Array;
  readonly notes: readonly string[];
}

/**
 * A further column as numbers. A few texts among them are counted and count as missing.
 *
 * @param values the column as numbers, NaN where a cell is blank or none
 * @throws AppError invalid_config at `features.columns.<name>`, with the text, where the column holds no numbers
 */
export function readExtra(table: RawTable, column: number, name: string, values: Float64Array): ExtraColumn {
  const raw = table.columns[column];
  let [texts, filled, first] = [0, 0, -1];
  for (let row = 0; row < table.rows; row++) {
    if (raw.kind[row] === cellKinds.blank) continue;
    filled++;
    const isText =
      raw.kind[row] === cellKinds.instant || (raw.kind[row] === cellKinds.text && Number.isNaN(values[row]));
    if (isText && texts++ === 0) first = row;
  }
  if (texts === 0) return { values, notes: [] };
  const sample = JSON.stringify(cellText(raw, first).slice(0, 40));
  if (texts > mostTexts * filled) {
    throw refusal(name, `expected a column of numbers, and ${texts} of ${filled} cells are none, the first ${sample}`);
  }
  return {
    values,
    notes: [`${name}: ${texts} cells are no numbers and count as missing, the first ${sample}`],
  };
}

/** The refusal of a name that the file does not have: what was probably meant, and what there is. */
export function noSuchColumn(table: RawTable, name: string): AppError {
  const there = numericColumns(table);
  const meant = closest(name, there);
  const list = there.length > 0 ? `columns of numbers are ${there.join(', ')}` : 'it names no column of numbers';
  const asked = JSON.stringify(name.slice(0, 60));
  return refusal(name, `${table.name} has no column ${asked}; ${meant ? `did you mean ${meant}? ` : ''}${list}`);
}

/** Names of the columns that hold numbers, as their first rows say; one that two columns share is left out. */
export function numericColumns({ names, columns }: RawTable): readonly string[] {
  return (names ?? []).filter(
    (title, index) =>
      title !== '' && names?.indexOf(title) === names?.lastIndexOf(title) && holdsNumbers(columns[index]),
  );
}

function holdsNumbers({ kind, texts }: RawColumn): boolean {
  let [numbers, others] = [0, 0];
  for (let row = 0; row < Math.min(kind.length, judgedRows); row++) {
    if (kind[row] === cellKinds.instant) return false;
    if (kind[row] === cellKinds.blank) continue;
    if (kind[row] !== cellKinds.text || isNumberText(texts?.[row] ?? '')) numbers++;
    else others++;
  }
  return numbers > 0 && others <= mostTexts * (numbers + others);
}

function refusal(name: string, message: string): AppError {
  const path = `features.columns.${name}`;
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}

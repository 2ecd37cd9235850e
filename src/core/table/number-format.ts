import { cellKinds } from './column.ts';
import type { RawTable } from './table.ts';

/** A column as numbers. */
interface Numbers {
  /** One a row; NaN where the cell is blank or no number. */
  readonly values: Float64Array;
  readonly notes: readonly string[];
}

/** Reads a column as numbers: plain ones, or with a decimal comma. */
export function toNumbers(table: RawTable, column: number): Numbers {
  const { kind, numbers, texts } = table.columns[column];
  const values = Float64Array.from(numbers);
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] !== cellKinds.text) continue;
    const text = texts?.[row] ?? '';
    if (/^-?\d+,\d+$/.test(text)) values[row] = Number(text.replace(',', '.'));
  }
  return { values, notes: [] };
}

import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { parseNumberCell } from '#core/table/number-cell.ts';
import { glanceAtNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { parseTimeText } from '#core/time/time-text.ts';

/** Cells that are filled from which a column is judged. */
const judgedCells = 50;
const clockText = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?$/;
const numberText = /^[-+(]?\s*\p{Sc}?\s*[-+]?\d[\d.,'’_\s]*(?:e[-+]?\d+)?\s*(?:%|\p{Sc}|[KMBT]|[A-Z]{3})?\)?$/iu;
/** No text is longer and yet a number or a time. */
const longest = 60;

/** The first filled cells of a column, as rows. */
function filledRows({ kind }: RawColumn, most = judgedCells): number[] {
  const rows: number[] = [];
  for (let row = 0; row < kind.length && rows.length < most; row++) if (kind[row] !== cellKinds.blank) rows.push(row);
  return rows;
}

/** Whether most of a column reads as times: texts and timestamps, and numbers of the size of epochs or `20240304`. */
export function readsAsTime(column: RawColumn): boolean {
  const rows = filledRows(column);
  return isMost(rows, (row) => {
    if (column.kind[row] === cellKinds.instant) return true;
    const text = cellText(column, row);
    if (column.kind[row] !== cellKinds.text) {
      const value = column.numbers[row];
      return isEpoch(value) || (/^\d{8}(?:\d{4}|\d{6})?$/.test(text) && isTimeText(text));
    }
    return isTimeText(text);
  });
}

/** Whether most of a column is written as a time or is a timestamp of a typed format: never a number. */
export function isWrittenTime(column: RawColumn): boolean {
  const rows = filledRows(column);
  if (rows.some((row) => column.kind[row] === cellKinds.number || column.kind[row] === cellKinds.thousandth)) {
    return false;
  }
  return readsAsTime(column);
}

/** Whether a column of numbers can be nothing but epochs: of their size, in order, and mostly at one distance. */
export function isEpochSeries(column: RawColumn): boolean {
  const rows = filledRows(column);
  const steps = rows.slice(1).map((row, k) => column.numbers[row] - column.numbers[rows[k]]);
  const commonest = Math.max(...steps.map((step) => steps.filter((other) => other === step).length));
  const isOrdered = steps.every((step) => step !== 0 && Math.sign(step) === Math.sign(steps[0]));
  return steps.length > 2 && isOrdered && commonest * 2 > steps.length && readsAsTime(column);
}

/** Whether most of a column is written as a number, with whatever separators and signs. */
export function isNumeric(column: RawColumn): boolean {
  return isMost(filledRows(column), (row) => {
    if (column.kind[row] === cellKinds.number || column.kind[row] === cellKinds.thousandth) return true;
    const text = column.kind[row] === cellKinds.text ? cellText(column, row) : '';
    return text.length <= longest && (numberText.test(text) || parseNumberCell(text) !== undefined);
  });
}

/** Whether the filled cells begin with the same value throughout. */
export function isConstant(column: RawColumn): boolean {
  return new Set(filledRows(column).map((row) => cellText(column, row))).size <= 1;
}

/** Whether every cell that is a number is 0. */
export function isZero(table: RawTable, column: number): boolean {
  return glanceAtNumbers(table, [column])[0].every((value) => value === 0 || Number.isNaN(value));
}

/** Whether a column counts rows: whole numbers, each one more than the one before. */
export function isCounter({ kind, numbers }: RawColumn): boolean {
  const most = Math.min(kind.length, judgedCells);
  for (let row = 0; row < most; row++) {
    if (kind[row] !== cellKinds.number || !Number.isInteger(numbers[row])) return false;
    if (row > 0 && Math.abs(numbers[row] - numbers[row - 1]) !== 1) return false;
  }
  return most > 1;
}

/**
 * Whether column `date` holds dates without a time of day and column `clock` times of day. `digits`: the names say so
 * already, and dates of six digits (`240304`) and clocks of digits alone (`93000`) count.
 */
export function isDateAndClock(date: RawColumn, clock: RawColumn, digits: boolean): boolean {
  for (const row of filledRows(date)) {
    const clockCell = cellText(clock, row);
    if (clockCell === '') continue;
    const dateCell = cellText(date, row);
    const isDate =
      parseTimeText(dateCell, 'month-first')?.dateOnly === true ||
      parseTimeText(dateCell, 'day-first')?.dateOnly === true ||
      (digits && isShortDate(dateCell));
    return isDate && (clockText.test(clockCell) || (digits && /^\d{1,8}(?:\.\d+)?$/.test(clockCell)));
  }
  return false;
}

/** The first `rows` rows of a table. */
export function headOf(table: RawTable, rows: number): RawTable {
  if (table.rows <= rows) return table;
  const head = ({ kind, numbers, texts, naive }: RawColumn): RawColumn => ({
    ...{ kind: kind.subarray(0, rows), numbers: numbers.subarray(0, rows), texts, naive },
  });
  return { ...table, rows, columns: table.columns.map(head) };
}

function isMost(rows: readonly number[], test: (row: number) => boolean): boolean {
  return rows.length > 0 && rows.filter(test).length * 2 > rows.length;
}

function isTimeText(text: string): boolean {
  if (text.length > longest) return false;
  return parseTimeText(text, 'month-first') !== undefined || parseTimeText(text, 'day-first') !== undefined;
}

/** Seconds, milliseconds, microseconds or nanoseconds of the years 1980 to 2100. */
function isEpoch(value: number): boolean {
  return [1, 1e3, 1e6, 1e9].some((unit) => value >= 315_532_800 * unit && value < 4_102_444_800 * unit);
}

function isShortDate(text: string): boolean {
  if (!/^\d{5,6}$/.test(text)) return false;
  const digits = text.padStart(6, '0');
  const [month, day] = [Number(digits.slice(2, 4)), Number(digits.slice(4))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

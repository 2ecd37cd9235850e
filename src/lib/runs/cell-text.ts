import type { TableCell, TableColumn, TableGroup } from '#core/api/run-table.ts';
import { signed } from '#core/signed.ts';
import { formatDuration, formatNumber, formatTime } from '#lib/ui/format.ts';

type Kind = TableColumn['kind'];

/** A cell of the table as a person reads it; a dash where there is nothing. */
export function cellText(value: TableCell, kind: Kind): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return '–';
  switch (kind) {
    case 'number':
    case 'mixed':
      return typeof value === 'number' || isUnbounded(value) ? formatNumber(value) : String(value);
    case 'seconds':
      return typeof value === 'number' ? formatDuration(1000 * value) : String(value);
    case 'date':
      return typeof value === 'string' ? formatTime(Date.parse(value)) : String(value);
    case 'run':
      return `R${String(value)}`;
    case 'truth':
      return value === true ? 'yes' : 'no';
    case 'tags':
      return Array.isArray(value) ? value.join(', ') : String(value);
    case 'text':
    case 'state':
      return String(value);
  }
}

/** The whole of a cell, for a hover and for copies; null where `cellText` shows it all. */
export function wholeCell(value: TableCell, { kind, key, unit }: TableColumn): string | null {
  if (value === null || value === '') return null;
  if (kind === 'number' || kind === 'seconds') return `${key} ${String(value)}${unit === '' ? '' : ` ${unit}`}`;
  const text = cellText(value, kind);
  return text.length > 16 ? text : null;
}

/** Whether the cells of a column are figures, which stand at its right edge. */
export function isFigure(kind: Kind): boolean {
  return kind === 'number' || kind === 'seconds';
}

/** A difference from the baseline with its sign, at most four digits: +0.0123, −3.1e−4, ±0. */
export function differenceText(difference: number, kind: Kind): string {
  return signed(difference, (size) =>
    kind === 'seconds' ? formatDuration(1000 * size) : formatNumber(Number(size.toPrecision(3))),
  );
}

/** Whether a difference is for the better; null where the column knows no better, or nothing differs. */
export function isBetter(difference: number, { direction }: Pick<TableColumn, 'direction'>): boolean | null {
  if (direction === null || difference === 0) return null;
  return direction === 'higher' ? difference > 0 : difference < 0;
}

/** A cell of a group: the one value of all its runs, mean and spread of its numbers, or how many values there are. */
export function groupCellText(cell: TableGroup['cells'][number], kind: Kind): { text: string; spread: string | null } {
  if ('same' in cell) return { text: cellText(cell.same, kind), spread: null };
  if ('distinct' in cell) return { text: `${cell.distinct} values`, spread: null };
  const { mean, sd, n, min, max } = cell.spread;
  const spread = sd === null ? '' : ` ± ${cellText(Number(sd.toPrecision(2)), kind)}`;
  const range = `mean of ${n}, from ${cellText(min, kind)} to ${cellText(max, kind)}`;
  return { text: `${cellText(Number(mean.toPrecision(5)), kind)}${spread}`, spread: range };
}

function isUnbounded(value: TableCell): boolean {
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}

import { cellKinds, cellText } from './column.ts';
import { type DecimalSign, decimalOf, numberOf, parseNumberCell } from './number-cell.ts';
import type { RawTable } from './table.ts';

/** What the numbers of one column say of their decimal sign. */
export interface DecimalEvidence {
  /** Cells that can be read in one way only, and the first of them. */
  readonly point: number;
  readonly comma: number;
  /** Cells such as `1.234` and `1,234`, whose one separator may be either. */
  readonly eitherPoint: number;
  readonly eitherComma: number;
  /** Whole numbers without a separator, below 1000 and from 1000 on. */
  readonly small: number;
  readonly large: number;
  /** First row of each kind; −1 where there is none. */
  readonly firstRow: Readonly<Record<'point' | 'comma' | 'eitherComma' | 'eitherPoint', number>>;
}

/** Looks at every number of a column, or at those of its first `rows`. */
export function decimalEvidence(table: RawTable, column: number, rows = table.rows): DecimalEvidence {
  const { kind, numbers, texts } = table.columns[column];
  const seen = { point: 0, comma: 0, eitherPoint: 0, eitherComma: 0, small: 0, large: 0 };
  const firstRow = { point: -1, comma: -1, eitherComma: -1, eitherPoint: -1 };
  const count = (what: keyof typeof firstRow, row: number): void => {
    if (seen[what]++ === 0) firstRow[what] = row;
  };
  const countWhole = (value: number): void => void (Math.abs(value) < 1000 ? seen.small++ : seen.large++);
  for (let row = 0; row < rows; row++) {
    if (kind[row] === cellKinds.thousandth) count(Math.abs(numbers[row]) < 1 ? 'point' : 'eitherPoint', row);
    else if (kind[row] === cellKinds.number) {
      if (Number.isInteger(numbers[row])) countWhole(numbers[row]);
      else count('point', row);
    } else if (kind[row] === cellKinds.text) {
      const cell = parseNumberCell(texts?.at(row) ?? '');
      const says = cell ? decimalOf(cell.core) : 'bad';
      if (says === '.') count('point', row);
      else if (says === ',') count('comma', row);
      else if (says === 'either') count(cell?.core.includes(',') ? 'eitherComma' : 'eitherPoint', row);
      else if (says === 'none' && /^\d+$/.test(cell?.core ?? '')) countWhole(Number(cell?.core));
    }
  }
  return { ...seen, firstRow };
}

/**
 * The decimal sign under which prices stay near one another: `998`, `1,002` are neighbours only where the comma stands
 * between thousands. Undefined where both readings are as smooth.
 */
export function smootherSign(table: RawTable, prices: readonly number[]): DecimalSign | undefined {
  let [pairs, point, comma] = [0, 0, 0];
  let last: readonly [number, number, boolean] | undefined;
  for (let row = 0; row < Math.min(table.rows, 20_000); row++) {
    for (const column of prices) {
      const { kind } = table.columns[column];
      if (kind[row] === cellKinds.blank) continue;
      const cell = parseNumberCell(cellText(table.columns[column], row));
      if (!cell) continue;
      const next = [numberOf(cell.core, '.'), numberOf(cell.core, ','), decimalOf(cell.core) === 'either'] as const;
      if (!(next[0] > 0 && next[1] > 0)) continue;
      if (last && last[2] !== next[2]) {
        pairs++;
        point += Math.abs(Math.log(next[0] / last[0]));
        comma += Math.abs(Math.log(next[1] / last[1]));
      }
      last = next;
    }
  }
  if (pairs === 0) return undefined;
  // Prices of two bars are never thirty times apart on average, and seldom three times.
  if (point / pairs < Math.log(3) && comma / pairs > Math.log(30)) return '.';
  return comma / pairs < Math.log(3) && point / pairs > Math.log(30) ? ',' : undefined;
}

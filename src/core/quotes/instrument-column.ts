import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { hasRole, isKnownName, plainName } from './column-names.ts';
import { isTimeframeColumn } from './timeframe-column.ts';

/** How surely a column says of which instrument a row is, from `numbers` to `name`. */
export const sureness = {
  /** Whole numbers under any name, few of them. */
  numbers: 0,
  /** Texts under any name. */
  texts: 1,
  /** Its name stands for an instrument in some files and for something else in others. */
  doubtful: 2,
  /** Its name is that of a number or a code of instruments. */
  code: 3,
  /** Its name is that of what an instrument is called by. */
  name: 4,
} as const;

/** A column whose values may be instruments. */
interface InstrumentColumn {
  readonly index: number;
  /** One of `sureness`. */
  readonly sure: number;
  readonly values: ReadonlySet<string>;
}

interface Scope {
  /** Rows without a time do not count. */
  readonly time?: Float64Array;
  readonly onlyNamed?: boolean;
  /** Columns that hold parts of the bars. */
  readonly used?: readonly number[];
}

const doubtful = new Set(['code', 'market', 'asset', 'stock', 'security', 'underlying', 'pair', 'coin']);
const naming = new Set(
  'symbol symbols ticker tickers tic ric isin tickersymbol stocksymbol instrument instrumentname'.split(' '),
);
/** More different values than this, and a column is none of instruments. */
const mostInstruments = 20_000;

/** Columns whose values may be instruments, the surest first. */
export function instrumentColumns(
  table: RawTable,
  { time, onlyNamed = false, used = [] }: Scope = {},
): InstrumentColumn[] {
  return table.columns
    .flatMap((column, index) => {
      const name = table.names?.[index] ?? '';
      const sure = namedSureness(column, plainName(name)) ?? (onlyNamed ? undefined : contentSureness(column));
      if (sure === undefined) return [];
      // Prices of a short file, and a volume of 700, are few whole numbers too.
      if (sure === sureness.numbers && (isPart(name) || used.includes(index))) return [];
      const values = sure === sureness.numbers ? fewNumbers(column) : valuesOf(column, name, time);
      if (values === undefined || (sure < sureness.doubtful && isTimeframeColumn(name, values))) return [];
      return [{ index, sure, values }];
    })
    .sort((a, b) => b.sure - a.sure);
}

/** Whether a column is named as instruments are, and holds what may be names or numbers of instruments. */
export function isNamed({ columns }: RawTable, index: number, plain: string): boolean {
  return namedSureness(columns[index], plain) !== undefined;
}

function namedSureness(column: RawColumn, plain: string): number | undefined {
  if (!hasRole(plain, 'instrument')) return undefined;
  const isText = column.texts !== null;
  if (doubtful.has(plain)) return isText ? sureness.doubtful : undefined;
  if (!isText && !isWhole(column)) return undefined;
  return naming.has(plain) ? sureness.name : sureness.code;
}

function contentSureness(column: RawColumn): number | undefined {
  if (column.texts !== null && !looksLikeNumbers(column)) return sureness.texts;
  return isWhole(column) ? sureness.numbers : undefined;
}

/** Undefined where the values are too many to be instruments. */
function valuesOf(column: RawColumn, name: string, time?: Float64Array): Set<string> | undefined {
  const values = new Set<string>();
  const { kind } = column;
  let previous: string | undefined;
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] === cellKinds.blank || kind[row] === cellKinds.instant) continue;
    if (time !== undefined && Number.isNaN(time[row])) continue;
    const text = cellText(column, row);
    // A header line repeated between the rows names no instrument.
    if (text === previous || text === name) continue;
    previous = text;
    values.add(text);
    if (values.size > mostInstruments) return undefined;
  }
  return values;
}

/** The values of a column of whole numbers, undefined where they are more than one in ten rows. */
function fewNumbers(column: RawColumn): Set<string> | undefined {
  const { kind, numbers } = column;
  const most = Math.min(mostInstruments, Math.max(1, kind.length / 10));
  const values = new Map<number, string>();
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] === cellKinds.blank || values.has(numbers[row])) continue;
    values.set(numbers[row], cellText(column, row));
    if (values.size > most) return undefined;
  }
  return new Set(values.values());
}

function isWhole({ kind, numbers }: RawColumn): boolean {
  return kind.every(
    (one, row) => one === cellKinds.blank || (one === cellKinds.number && Number.isInteger(numbers[row])),
  );
}

function looksLikeNumbers({ kind }: RawColumn): boolean {
  const most = Math.min(kind.length, 100);
  let numbers = 0;
  for (let row = 0; row < most; row++) {
    if (kind[row] === cellKinds.number || kind[row] === cellKinds.thousandth) numbers++;
  }
  return numbers * 2 > most;
}

/** Whether a column of this name holds a part of a bar, so that its numbers are none of instruments. */
function isPart(name: string): boolean {
  const plain = plainName(name);
  return (isKnownName(plain) && !hasRole(plain, 'instrument') && !hasRole(plain, 'counter')) || /^vol/.test(plain);
}

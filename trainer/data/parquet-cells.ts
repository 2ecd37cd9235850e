import type { ParquetParsers, SchemaElement } from 'hyparquet';
import { ColumnBuilder, type RawColumn } from '#core/table/column.ts';

/** How the values of a column of Parquet become cells. */
export interface CellReader {
  append(values: ArrayLike<unknown>): void;
  readonly rows: number;
  finish(): RawColumn;
}

/** What the writer said of a column beside its type. */
interface ColumnHints {
  /** True, or false, where pandas or Spark says whether times name a zone; undefined where nobody does. */
  readonly zoned: boolean | undefined;
}

const dayMs = 86_400_000;
/** What a Date can hold; beyond it a time is damaged. */
const maxMs = 8.64e15;
const text = new TextDecoder();

/** Times as milliseconds rather than as Date objects; fractions of one are cut. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => Number(value),
  timestampFromMicroseconds: (value) => Number(value / 1000n),
  timestampFromNanoseconds: (value) => Number(value / 1_000_000n),
  dateFromDays: (days) => days * dayMs,
  jsonFromBytes: (bytes) => bytes && text.decode(bytes),
};

/** Whether cells can be made of a column: one value a row, of a type that is a number, a time or a text. */
export function isCellType({ repetition_type, num_children, converted_type, logical_type }: SchemaElement): boolean {
  const odd = ['BSON', 'INTERVAL'].includes(converted_type ?? '');
  const nested = ['VARIANT', 'GEOMETRY', 'GEOGRAPHY', 'BSON'].includes(logical_type?.type ?? '');
  return !num_children && repetition_type !== 'REPEATED' && !odd && !nested;
}

/**
 * Takes off the type of a decimal, whose digits the decoder would multiply by a rounded power of ten: its values then come
 * as they are stored.
 */
export function withoutDecimal(element: SchemaElement): SchemaElement {
  return isDecimal(element) ? { ...element, converted_type: undefined, logical_type: undefined } : element;
}

/** A reader for a column of `rows` values. */
export function cellReader(element: SchemaElement, rows: number, { zoned }: ColumnHints): CellReader {
  const { logical_type: logical, converted_type: converted, type } = element;
  if (isDecimal(element)) return cells(rows, decimalOf(element));
  if (converted === 'DATE' || logical?.type === 'DATE')
    return cells(rows, (builder, value) => builder.text(dayOf(value)));
  if (logical?.type === 'TIME' || converted === 'TIME_MILLIS' || converted === 'TIME_MICROS') {
    const unit = logical?.type === 'TIME' ? logical.unit : converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
    const perMs = { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 }[unit];
    return cells(rows, (builder, value) => builder.text(clockOf(Number(value) / perMs)));
  }
  // Times of the older type are UTC by the format, INT96 is a clock without a zone: pandas and Spark know better.
  if (logical?.type === 'TIMESTAMP') return cells(rows, appendTime, !logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS')
    return cells(rows, appendTime, zoned === false);
  if (type === 'INT96') return cells(rows, appendTime, zoned !== true);
  return cells(rows, appendPlain);
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';
}

type Add = (builder: ColumnBuilder, value: NonNullable<unknown>) => void;

function cells(rows: number, add: Add, naive = false): CellReader {
  const builder = new ColumnBuilder(rows);
  return {
    append(values) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value === null || value === undefined) builder.blank();
        else add(builder, value);
      }
    },
    get rows() {
      return builder.rows;
    },
    finish: () => builder.finish({ naive }),
  };
}

function appendPlain(builder: ColumnBuilder, value: NonNullable<unknown>): void {
  if (typeof value === 'number' || typeof value === 'bigint') builder.number(Number(value));
  else if (typeof value === 'string') builder.text(value);
  else if (typeof value === 'boolean') builder.number(value ? 1 : 0);
  else if (value instanceof Uint8Array) builder.text(text.decode(value));
  else builder.blank();
}

/** A timestamp, in whole milliseconds; one that no calendar has is blank. */
const appendTime: Add = (builder, value) => {
  const ms = Number(value);
  builder.instant(Math.abs(ms) <= maxMs ? ms : NaN);
};

/** `2024-03-04`, or nothing where it is no day of a calendar. */
function dayOf(ms: unknown): string {
  const day = new Date(Number(ms));
  return Number.isNaN(day.getTime()) ? '' : day.toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** `09:30:00`, with thousandths where there are some. */
function clockOf(ms: number): string {
  return ms >= 0 && ms < dayMs
    ? new Date(Math.floor(ms))
        .toISOString()
        .slice(11, -1)
        .replace(/\.000$/, '')
    : '';
}

/** The decimal nearest to digits × 10^-scale, as its text would be read. */
function decimalOf({ scale, logical_type }: SchemaElement): Add {
  const places = scale ?? (logical_type?.type === 'DECIMAL' ? logical_type.scale : 0);
  const factor = 10 ** places;
  return (builder, value) => {
    const digits = value instanceof Uint8Array ? signed(value) : value;
    if (typeof digits !== 'bigint' && typeof digits !== 'number') return builder.blank();
    const whole = Number(digits);
    // Both are exact here, so that the quotient is rounded once.
    const isExact = places >= 0 && places <= 22 && Number.isSafeInteger(whole);
    builder.number(isExact ? whole / factor : Number(`${digits}e${-places}`));
  };
}

/** A whole number of bytes, the highest first. */
function signed(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

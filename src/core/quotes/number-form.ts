import { parseTimeText } from '#core/time/time-text.ts';
import { day, minute } from '#core/time/timeframe.ts';
import { shiftedTo1904 } from './rare-epoch.ts';

/** The times that a column of numbers holds. */
export interface NumberTimes {
  /** Milliseconds, one a row: since 1970 UTC of `instants`, else the clock or midnight written as if it were UTC; NaN. */
  readonly ms: Float64Array;
  readonly are: 'instants' | 'clocks' | 'dates';
  /** In words: `epoch milliseconds`, `dates`, `dates of a spreadsheet (45300)`. */
  readonly format: string;
  /** Times that were impossible as written and could be repaired with certainty. */
  readonly repaired: number;
  readonly notes: readonly string[];
}

interface Form {
  readonly are: 'clocks' | 'dates';
  readonly format: string;
  /** The time of one number in milliseconds; NaN where it has not this form. */
  readonly read: (value: number) => number;
}

/** Reads a column in one form; undefined unless (nearly) every number has it: a lone 0 is no reason against it. */
export function readForm(values: Float64Array, { are, format, read }: Form): NumberTimes | undefined {
  const ms = new Float64Array(values.length).fill(NaN);
  let numbers = 0;
  let others = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) continue;
    numbers++;
    ms[row] = read(values[row]);
    if (Number.isNaN(ms[row])) others++;
    if (others > 3 && others > numbers / 10) return undefined;
  }
  return others > 0 && others > numbers / 50 && (others > 1 || numbers < 5)
    ? undefined
    : { ms, are, format, repaired: 0, notes: [] };
}

/** `20200501`, `202005010930` and `20200501093000`. */
export function readStamps(values: Float64Array, median: number): NumberTimes | undefined {
  const digits = String(median).length;
  const year = Math.floor(median / 10 ** (digits - 4));
  if (!Number.isInteger(median) || ![8, 12, 14].includes(digits) || year < 1800 || year > 2199) return undefined;
  return readForm(values, {
    are: digits === 8 ? 'dates' : 'clocks',
    format: digits === 8 ? 'dates' : 'local text',
    read: (value) => (value < 10 ** (digits - 1) ? NaN : (parseTimeText(String(value), 'month-first')?.ms ?? NaN)),
  });
}

/** The first day of a year such as 2024; NaN for other numbers. */
export function yearOf(value: number): number {
  return Number.isInteger(value) && value >= 1800 && value <= 2199 ? Date.UTC(value, 0, 1) : NaN;
}

/** The first day of a month such as 202403; NaN for other numbers. */
export function monthOf(value: number): number {
  const [year, month] = [Math.floor(value / 100), value % 100];
  return Number.isInteger(value) && year >= 1900 && year <= 2199 && month >= 1 && month <= 12
    ? Date.UTC(year, month - 1, 1)
    : NaN;
}

/** `240304`, and 50304 where the reader took the leading zero of `050304`. */
export function shortDateOf(value: number): number {
  if (!Number.isInteger(value) || value < 101 || value > 991_231) return NaN;
  const year = Math.floor(value / 10_000);
  const text = `${year < 70 ? 2000 + year : 1900 + year}${String(value % 10_000).padStart(4, '0')}`;
  return parseTimeText(text, 'month-first')?.ms ?? NaN;
}

/** Days since 1899-12-30, as spreadsheets count them; those of 1954 to 2119. */
export function serialOf(value: number): number {
  return value >= 20_000 && value < 80_000 ? (value - 25_569) * day : NaN;
}

/** A fraction of a day is short of its clock by what the spreadsheet cut: up to some seconds. */
export function spreadsheetTimes({ ms }: NumberTimes, serials: Float64Array): NumberTimes {
  const whole = serials.every(Number.isInteger);
  const offMinute = (time: number) => Math.abs(time - Math.round(time / minute) * minute);
  const unit = ms.every((time) => Number.isNaN(time) || offMinute(time) <= 5000) ? minute : 1000;
  const since1904 = shiftedTo1904(ms);
  const times = since1904 ?? ms;
  const origin = since1904 ? '1904-01-01, as their weekends show' : '1899-12-30';
  return {
    ms: whole ? times : times.map((time) => Math.round(time / unit) * unit),
    are: whole ? 'dates' : 'clocks',
    format: `${whole ? 'dates' : 'local times'} of a spreadsheet`,
    repaired: serials.length,
    notes: [`times are numbers of a spreadsheet (${serials[0]}): days since ${origin}, read as dates`],
  };
}

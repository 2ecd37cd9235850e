import { AppError } from '#core/error.ts';
import { inferStep } from '#core/time/grid.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { day, formatTimeframe } from '#core/time/timeframe.ts';
import { quote } from './column-mapping.ts';
import { isInstrument } from './instrument.ts';
import type { Quotes } from './quotes.ts';

/** Steps from here on are those of months, quarters and years, which differ in length. */
const calendarStep = 28 * day;

/** What is compared of one file. */
interface FileTimes {
  readonly quotes: Quotes;
  readonly first: number;
  readonly last: number;
  /** Milliseconds; NaN where the file does not say plainly. */
  readonly step: number;
  /** Distances that occur in the file, ms. */
  readonly distances: ReadonlySet<number>;
}

/**
 * Makes sure that several files are of one market: one instrument, one step, the same columns, and where they overlap
 * the same prices.
 *
 * @returns the files, the earliest first
 * @throws AppError data_unreadable, naming the files that disagree
 */
export function agreeFiles(parts: readonly Quotes[]): readonly Quotes[] {
  if (parts.length < 2) return parts;
  const files = parts.map(timesOf).sort((a, b) => a.first - b.first || a.last - b.last);
  const ordered = files.map(({ quotes }) => quotes);
  agreeInstruments(ordered);
  agreeColumns(ordered);
  agreeSteps(files);
  agreePrices(files);
  return ordered;
}

function timesOf(quotes: Quotes): FileTimes {
  const time = quotes.time.filter((at) => !Number.isNaN(at));
  if (time.some((at, k) => k > 0 && at < time[k - 1])) time.sort();
  const unique = time.filter((at, k) => k === 0 || at !== time[k - 1]);
  const counts = new Map<number, number>();
  for (let k = 1; k < unique.length; k++) {
    const distance = unique[k] - unique[k - 1];
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const step = inferStep(unique);
  const often = counts.get(step) ?? 0;
  return {
    quotes,
    first: unique[0] ?? Infinity,
    last: unique[unique.length - 1] ?? Infinity,
    step: often > 1 && often * 2 > unique.length - 1 ? step : NaN,
    distances: new Set(counts.keys()),
  };
}

function agreeInstruments(parts: readonly Quotes[]): void {
  const named = parts.filter(({ symbol }) => symbol !== null);
  const other = named.find(({ symbol }) => !isInstrument(symbol!, named[0].symbol!));
  if (!other) return;
  throw refuse(
    `${named[0].name} is of ${quote(named[0].symbol!)}, ${other.name} of ${quote(other.symbol!)}`,
    `Choose one with data.symbol: ${named[0].symbol}, or with a narrower pattern.`,
    'data.symbol',
  );
}

/** A column that only some files have would be made up in the others. */
function agreeColumns(parts: readonly Quotes[]): void {
  for (const part of ['open', 'volume'] as const) {
    const has = ({ found }: Quotes): boolean =>
      part === 'volume' ? found.volume !== undefined : found.open !== found.close;
    const without = parts.filter((file) => !has(file));
    if (without.length === 0 || without.length === parts.length) continue;
    const what = part === 'volume' ? 'volume' : 'open, high and low';
    const found = parts.find(has)!;
    throw refuse(
      `${without[0].name} has no column for ${what}, and ${found.name} has ${quote(found.found[part])}`,
      `Name it with data.columns, or leave ${without.length === 1 ? 'that file' : `those ${without.length} files`} out.`,
      'data.source',
    );
  }
  const closing = parts.find(({ closeLabelled }) => closeLabelled);
  const opening = parts.find(({ closeLabelled }) => !closeLabelled);
  if (!closing || !opening) return;
  throw refuse(
    `the times of ${closing.name} (${quote(closing.found.time)}) are those of closes, those of ${opening.name} are not`,
    'Name the column of the opens with data.columns, or load them apart.',
    'data.columns.time',
  );
}

function agreeSteps(files: readonly FileTimes[]): void {
  const plain = files.filter(({ step }) => !Number.isNaN(step));
  const finest = plain.reduce<FileTimes | undefined>(
    (best, file) => (best && best.step <= file.step ? best : file),
    undefined,
  );
  const other = finest && plain.find((file) => differ(finest, file));
  if (!finest || !other) return;
  throw refuse(
    `${finest.quotes.name} has a bar every ${formatTimeframe(finest.step)}, ${other.quotes.name} every ${formatTimeframe(other.step)}`,
    'Name the files of one timeframe with a narrower pattern.',
    'data.source',
  );
}

/** Bars that are missing make distances longer, never shorter. */
function differ(finer: FileTimes, coarser: FileTimes): boolean {
  if (finer.step >= calendarStep && coarser.step < finer.step * 1.2) return false;
  return coarser.step !== finer.step && !coarser.distances.has(finer.step);
}

function agreePrices(files: readonly FileTimes[]): void {
  let latest = files[0];
  for (const file of files.slice(1)) {
    if (file.first <= latest.last) compare(latest, file);
    if (file.last > latest.last) latest = file;
  }
}

/** Compares the prices of two files at the times that both have; rows without usable prices do not count. */
function compare({ quotes: a, last }: FileTimes, { quotes: b, first }: FileTimes): void {
  const rows = new Map<number, number>();
  a.time.forEach((at, row) => {
    if (at >= first && a.close[row] > 0) rows.set(at, row);
  });
  for (let row = 0; row < b.rows; row++) {
    const other = b.time[row] <= last && b.close[row] > 0 ? rows.get(b.time[row]) : undefined;
    if (other === undefined || samePrices(a, other, b, row)) continue;
    // The last bar of an export may have been unfinished.
    if (a.time[other] === last && a.open[other] === b.open[row] && isPartOf(a, other, b, row)) continue;
    const at = timeLabel(b.time[row]);
    throw refuse(
      `${a.name} and ${b.name} overlap with other prices: at ${at} ${a.pricesOf(other)} in the one, ${b.pricesOf(row)} in the other`,
      'Name the files of one market and one source with a narrower pattern.',
      'data.source',
    );
  }
}

function samePrices(a: Quotes, i: number, b: Quotes, k: number): boolean {
  return (['open', 'high', 'low', 'close'] as const).every((part) => near(a[part][i], b[part][k]));
}

/** Files of one source may be rounded or written differently in the last digit. */
function near(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.abs(a) || (Number.isNaN(a) && Number.isNaN(b));
}

function isPartOf(a: Quotes, i: number, b: Quotes, k: number): boolean {
  return b.high[k] >= a.high[i] && b.low[k] <= a.low[i] && b.volume[k] >= a.volume[i];
}

function refuse(what: string, next: string, path: string): AppError {
  const message = `the files disagree: ${what}`;
  return new AppError('data_unreadable', `Cannot join the files: ${what}. ${next}`, { issues: [{ path, message }] });
}

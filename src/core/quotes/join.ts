import { countWords } from '#core/count-words.ts';
import { AppError } from '#core/error.ts';
import type { RawTable } from '#core/table/table.ts';
import type { Zone } from '#core/time/zone.ts';
import { agreeFiles } from './file-agreement.ts';
import { chooseInstrument } from './instrument.ts';
import { type Quotes, type QuotesConfig, readQuotes } from './quotes.ts';

/** The rows of all files, and how many were left out because they are of other instruments. */
interface JoinedQuotes {
  readonly quotes: Quotes;
  readonly otherInstruments: number;
}

/** Nobody reads one note a file of a hundred. */
const mergedAbove = 3;

/**
 * Understands each file alone and joins them, the earliest first. Files without rows are left out.
 *
 * @param extra names of further columns wanted as numbers
 * @throws AppError data_unreadable, naming the file, where one cannot be understood or does not belong to the others
 */
export function readFiles(
  tables: readonly RawTable[],
  config: QuotesConfig,
  zone: Zone,
  extra: readonly string[] = [],
): JoinedQuotes {
  const filled = tables.filter(({ rows }) => rows > 0);
  const { tables: chosen, others } = chooseInstrument(filled, config.symbol);
  const parts = chosen.map((table) =>
    tables.length === 1
      ? readQuotes(table, config, zone, extra)
      : named(table.name, () => readQuotes(table, config, zone, extra)),
  );
  const quotes = joinQuotes(agreeFiles(parts));
  const empty = tables.flatMap(({ name, rows }) => (rows === 0 ? [`${name} has no rows`] : []));
  const unchosen = filled.length - chosen.length;
  const notes = [...empty, ...(unchosen > 0 ? [`${countWords(unchosen, 'file')} of other instruments left out`] : [])];
  return { quotes: { ...quotes, notes: [...quotes.notes, ...notes] }, otherInstruments: others };
}

/** Of several files the message must say which one it is about. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError) || error.message.includes(file)) throw error;
    throw new AppError(error.code, `${file}: ${error.message}`, { issues: error.issues, cause: error });
  }
}

function joinQuotes(parts: readonly Quotes[]): Quotes {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const join = (column: (part: Quotes) => Float64Array): Float64Array => {
    const out = new Float64Array(rows);
    let at = 0;
    for (const part of parts) {
      out.set(column(part), at);
      at += part.rows;
    }
    return out;
  };
  const find = (row: number): [Quotes, number] => {
    let at = row;
    for (const part of parts) {
      if (at < part.rows) return [part, at];
      at -= part.rows;
    }
    throw new RangeError(`Expected a row below ${rows}, received ${row}.`);
  };
  const sum = (count: (part: Quotes) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    ...first,
    rows,
    symbol: parts.find(({ symbol }) => symbol !== null)?.symbol ?? null,
    unused: [...new Set(parts.flatMap(({ unused }) => unused))],
    numeric: first.numeric.filter((name) => others.every(({ numeric }) => numeric.includes(name))),
    time: join(({ time }) => time),
    open: join(({ open }) => open),
    high: join(({ high }) => high),
    low: join(({ low }) => low),
    close: join(({ close }) => close),
    volume: join(({ volume }) => volume),
    extra: Object.fromEntries(Object.keys(first.extra).map((name) => [name, join(({ extra }) => extra[name])])),
    pricesOf(row) {
      const [part, at] = find(row);
      return part.pricesOf(at);
    },
    timeOf(row) {
      const [part, at] = find(row);
      return part.timeOf(at);
    },
    missingVolume: sum(({ missingVolume }) => missingVolume),
    ambiguous: sum(({ ambiguous }) => ambiguous),
    repaired: sum(({ repaired }) => repaired),
    notes: [...mergeNotes(parts), `${parts.length} files joined`],
  };
}

/** Notes of several files, each once; those of `mergedAbove` files and more that differ in what they quote as one. */
function mergeNotes(parts: readonly Quotes[]): string[] {
  const notes = new Set(parts.flatMap((part) => part.notes));
  const groups = Map.groupBy(notes, withoutQuotes);
  return [...groups.values()].flatMap((group) =>
    group.length > mergedAbove ? [`${group[0]}, and ${group.length - 1} more such notes of other files`] : group,
  );
}

function withoutQuotes(note: string): string {
  return note.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\d+/g, '0');
}

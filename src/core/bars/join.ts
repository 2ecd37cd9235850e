import type { Quotes } from './quotes.ts';

/**
 * Joins the rows of several files of one market, in the order given.
 * @throws AppError data_unreadable, naming the file, where one does not belong to the others
 */
export function joinQuotes(parts: readonly Quotes[]): Quotes {
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
    numeric: first.numeric.filter((name) => others.every(({ numeric }) => numeric.includes(name))),
    hasVolume: parts.some(({ hasVolume }) => hasVolume),
    missingVolume: sum(({ missingVolume }) => missingVolume),
    ambiguous: sum(({ ambiguous }) => ambiguous),
    repaired: sum(({ repaired }) => repaired),
    notes: [...new Set(parts.flatMap(({ notes }) => notes)), `${parts.length} files joined`],
  };
}

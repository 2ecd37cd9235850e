/** A column of a header that names several instruments. */
interface TupleName {
  readonly name: string;
  /** Null where the name says none. */
  readonly instrument: string | null;
}

const tuple = /^\(\s*(['"])(.*)\1\s*,\s*(['"])(.*)\3\s*\)$/;
const fields = new Set(['open', 'high', 'low', 'close', 'adj close', 'adjclose', 'adjusted', 'volume', 'price']);
const prices = ['open', 'high', 'low', 'close'] as const;
/** What may stand beside open, high, low and close without being an instrument: `bid_open`, `open_price`. */
const qualifiers = new Set([
  'price',
  'px',
  'bid',
  'ask',
  'mid',
  'mark',
  'adj',
  'adjusted',
  'raw',
  'prev',
  'usd',
  'eur',
]);
const ticker = /^[\p{L}\d^][\p{L}\d.=^:/-]*$/u;

/**
 * Reads the name that pandas gives a column of two levels when it is written as one text: `('Close', 'ACME')`, or
 * `('ACME', 'Close')`, is the column Close of ACME, `('Date', '')` the column Date. Every other name is its own.
 */
function splitTupleName(name: string): TupleName {
  const match = tuple.exec(name.trim());
  if (!match) return { name, instrument: null };
  const [first, second] = [match[2].trim(), match[4].trim()];
  if (first === '' || second === '') return { name: first || second, instrument: null };
  const swapped = fields.has(second.toLowerCase()) && !fields.has(first.toLowerCase());
  return swapped ? { name: second, instrument: first } : { name: first, instrument: second };
}

/**
 * Splits the names of a whole header: tuples, and names of two levels joined by a sign (`Close_ACME`, `ACME.Close`).
 * The latter only where open, high, low and close all carry the same instrument, since `close_time` is none, and none
 * of them stands alone.
 */
export function splitTupleNames(header: readonly string[]): {
  readonly names: readonly string[];
  /** One a column; null where no name says an instrument. */
  readonly instruments: readonly (string | null)[] | null;
} {
  const tuples = header.map(splitTupleName);
  const joined = header.map(splitJoined);
  const whole = new Set<string>();
  const named = new Set(header.map((name) => name.trim().toLowerCase()));
  // Beside a whole bar without an instrument, `SPY.Close` or `Settle Close` is a further column of it.
  const isWhole = prices.every((field) => named.has(field));
  for (const part of isWhole ? [] : joined) {
    const has = (field: string) =>
      joined.some((other) => other?.instrument === part?.instrument && other?.name.toLowerCase() === field);
    if (part && prices.every(has)) whole.add(part.instrument);
  }
  const parts = tuples.map((part, column): TupleName => {
    const flat = joined[column];
    return flat && whole.has(flat.instrument) ? flat : part;
  });
  const instruments = parts.map(({ instrument }) => instrument);
  return {
    names: parts.map(({ name }) => name),
    instruments: instruments.some((instrument) => instrument !== null) ? instruments : null,
  };
}

function splitJoined(name: string): { readonly name: string; readonly instrument: string } | undefined {
  for (const sign of ['_', '.', ' ', '|']) {
    for (const at of [name.indexOf(sign), name.lastIndexOf(sign)]) {
      if (at <= 0 || at === name.length - 1) continue;
      const [left, right] = [name.slice(0, at), name.slice(at + 1)];
      for (const [field, instrument] of [
        [left, right],
        [right, left],
      ]) {
        if (fields.has(field.toLowerCase()) && ticker.test(instrument) && !isQualifier(instrument)) {
          return { name: field, instrument };
        }
      }
    }
  }
  return undefined;
}

function isQualifier(word: string): boolean {
  return qualifiers.has(word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
}

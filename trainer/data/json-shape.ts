import { isBarColumn } from '#core/quotes/columns.ts';
import { parseTimeText } from '#core/time/time-text.ts';

/** A table within a value of JSON: rows of cells, or objects. */
export type JsonShape = {
  /** The instrument, where one is named beside the table. */
  readonly symbol?: string;
  /** The zone of its clock, as `America/New_York`, where one is named beside the table. */
  readonly zone?: string;
} & (
  | { readonly names: readonly string[] | null; readonly rows: Iterable<readonly unknown[]> }
  | { readonly objects: Iterable<Keyed> }
);
type Keyed = Readonly<Record<string, unknown>>;
type List = readonly unknown[];

/** Finds out that a value holds more than one table, with their keys. */
export class SeveralTables extends Error {
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    super('several tables');
    this.keys = keys;
  }
}

/** Keys under which services and libraries put their rows, in order of preference. */
const wrappers =
  'data candles bars results result values ohlc ohlcv klines list rows prices historical observations items quotes'.split(
    ' ',
  );
const nameKeys = ['columns', 'column_names', 'fields', 'headers', 'header'];
const rowKeys = ['data', 'values', 'rows'];
const maxDepth = 6;
/** Columns of Kraken's OHLC, which names none. */
const kraken = ['time', 'open', 'high', 'low', 'close', 'vwap', 'volume', 'count'];

/**
 * Finds the table in a value: rows, objects, columns, or what pandas, chart libraries and services wrap them in
 * (FORMATS.md#json). Null where there is none.
 * @throws SeveralTables
 */
export function findShape(value: unknown, depth = 0): JsonShape | null {
  if (depth > maxDepth) return null;
  if (isList(value)) return ofList(value, depth);
  return isRecord(value) ? ofRecord(value, depth) : null;
}

export function isRecord(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is List {
  return Array.isArray(value);
}

function ofList(list: List, depth: number): JsonShape | null {
  const [first] = list;
  if (list.length === 1 && isRecord(first)) {
    const inner = Object.values(first).some((value) => isList(value)) ? ofRecord(first, depth + 1) : null;
    if (inner) return inner;
  }
  if (list.length === 0) return null;
  if (isRecord(first) && list.every(isRecord)) return { objects: list };
  if (isList(first) && list.every(isList)) return { names: null, rows: list };
  return null;
}

function ofRecord(record: Keyed, depth: number): JsonShape | null {
  const shape = ofChart(record) ?? ofNamedRows(record) ?? ofPandasTable(record) ?? ofLists(record, depth);
  const found = shape ?? ofRecords(record, depth) ?? (depth === 0 ? ofOneBar(record) : null);
  return found && { ...aboutTable(record), ...found };
}

/** Yahoo's chart: `timestamp` beside `indicators.quote[0]` and `indicators.adjclose[0]`. */
function ofChart({ timestamp, indicators }: Keyed): JsonShape | null {
  if (!isList(timestamp) || !isRecord(indicators)) return null;
  const groups = Object.values(indicators).flatMap((group) => (isList(group) && isRecord(group[0]) ? [group[0]] : []));
  const columns = groups
    .flatMap((group) => Object.entries(group))
    .filter((entry): entry is [string, List] => isList(entry[1]));
  return ofColumns([['timestamp', timestamp], ...columns]);
}

/** Names of cells beside rows, perhaps with an index: pandas (split, tight), Nasdaq Data Link, InfluxDB, MOEX. */
function ofNamedRows(record: Keyed): JsonShape | null {
  const [columns, rows] = [nameKeys, rowKeys].map((keys) => keys.map((key) => record[key]).find(isList));
  if (!columns || !rows || columns.length === 0 || !rows.every(isList)) return null;
  const names = columns.map(nameOf);
  const { index } = record;
  const isNamed = !isRange(columns);
  if (!isList(index) || index.length !== rows.length || isRange(index)) {
    return { names: isNamed ? names : null, rows };
  }
  const levels = isList(index[0]) ? index[0].length : 1;
  return {
    names: isNamed ? [...Array.from({ length: levels }, () => ''), ...names] : null,
    rows: rows.map((row, at) =>
      levels > 1 || isList(index[at]) ? [...(index[at] as List), ...row] : [index[at], ...row],
    ),
  };
}

/** A name as one text; pandas has a list where its columns have levels, others an object. */
function nameOf(name: unknown): string {
  if (isList(name) && name.length === 2) return `('${name.map(String).join("', '")}')`;
  if (isList(name)) return name.map(String).join(' ');
  return String(isRecord(name) ? (name.name ?? name.id ?? '') : name);
}

/** pandas `orient="table"`: its index without a name is called `index`. */
function ofPandasTable({ schema, data }: Keyed): JsonShape | null {
  if (!isRecord(schema) || !isList(schema.primaryKey) || !isList(data) || !data.every(isRecord)) return null;
  const unnamed = schema.primaryKey.filter((key) => key === 'index' || /^level_\d$/.test(String(key)));
  if (unnamed.length !== 1 || isRange(data.map((row) => row[String(unnamed[0])]))) return { objects: data };
  return { objects: data.map(({ [String(unnamed[0])]: index, ...row }) => ({ '': index, ...row })) };
}

function ofLists(record: Keyed, depth: number): JsonShape | null {
  const lists = Object.entries(record).filter(
    (entry): entry is [string, List] => isList(entry[1]) && entry[1].length > 0,
  );
  const columns = lists.filter(([, [first]]) => typeof first !== 'object' || first === null);
  const tables = lists.filter(([, [first]]) => typeof first === 'object' && first !== null);
  if (columns.length > 1 && (tables.length === 0 || columns.filter(([key]) => isBarColumn(key)).length > 1)) {
    return ofColumns(columns);
  }
  if (tables.length > 1 && tables.every(([, table]) => isSeries(table))) return ofSeries(tables);
  if ('last' in record && tables.length === 1) {
    const [[symbol, rows]] = tables;
    if (rows.every((row): row is List => isList(row) && row.length === kraken.length)) {
      return { symbol, names: kraken, rows };
    }
  }
  return choose(tables, depth);
}

/** Columns by name, which must be of one length. */
function ofColumns(columns: readonly (readonly [string, List])[]): JsonShape {
  const [[name, { length }]] = columns;
  const odd = columns.find(([, values]) => values.length !== length);
  if (odd) throw new UnequalColumns(odd[0], odd[1].length, name, length);
  return {
    names: columns.map(([key]) => key),
    rows: transpose(
      columns.map(([, values]) => values),
      length,
    ),
  };
}

/** Two columns of one table have different lengths. */
export class UnequalColumns extends Error {
  constructor(odd: string, has: number, other: string, rows: number) {
    super(`${JSON.stringify(odd.slice(0, 40))} has ${has} values, ${JSON.stringify(other.slice(0, 40))} ${rows}`);
  }
}

function* transpose(columns: readonly List[], rows: number): Iterable<List> {
  for (let row = 0; row < rows; row++) yield columns.map((column) => column[row]);
}

/** Whether a list holds `[time, value]` pairs, as CoinGecko's market chart has one a quantity. */
function isSeries(list: List): boolean {
  return list.every((pair) => isList(pair) && pair.length === 2);
}

function ofSeries(tables: readonly (readonly [string, List])[]): JsonShape {
  const rows = new Map<unknown, Record<string, unknown>>();
  for (const [key, pairs] of tables) {
    for (const [time, value] of pairs as readonly List[]) {
      const row = rows.get(time) ?? { time };
      row[key === 'prices' ? 'price' : key.replace('total_volumes', 'volume')] = value;
      rows.set(time, row);
    }
  }
  return { objects: rows.values() };
}

/** Objects of objects: a table of pandas (`columns`, `index`), Alpha Vantage's times, or what services wrap tables in. */
function ofRecords(record: Keyed, depth: number): JsonShape | null {
  const children = Object.entries(record).filter((entry): entry is [string, Keyed] => isRecord(entry[1]));
  if (children.length === 0) return null;
  const isTable = children.length === Object.keys(record).length && children.every(([, child]) => isFlat(child));
  return (isTable ? ofKeyed(children) : null) ?? choose(children, depth);
}

function isFlat(record: Keyed): boolean {
  const values = Object.values(record);
  return values.length > 0 && values.every((value) => typeof value !== 'object' || value === null);
}

function ofKeyed(entries: readonly (readonly [string, Keyed])[]): JsonShape | null {
  const outer = entries.map(([key]) => key);
  const inner = Object.keys(entries[0][1]);
  const known = (keys: readonly string[]) => keys.filter((key) => isBarColumn(key.replace(/^\d+[a-z]?\. /, ''))).length;
  const byTime = outer.every(isTimeKey);
  if (byTime && !(inner.every(isTimeKey) && known(outer) > 0)) {
    const objects = isRange(outer) ? entries.map(([, row]) => row) : entries.map(([key, row]) => ({ '': key, ...row }));
    return { objects };
  }
  if (!inner.every(isTimeKey) && known(outer) === 0) return null;
  const index = [...new Set(entries.flatMap(([, column]) => Object.keys(column)))];
  const columns = entries.map(([, column]) => index.map((key) => column[key]));
  return isRange(index)
    ? { names: outer, rows: transpose(columns, index.length) }
    : { names: ['', ...outer], rows: transpose([index, ...columns], index.length) };
}

function isTimeKey(key: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(key) || parseTimeText(key, 'month-first') !== undefined;
}

/** Whether values count 0, 1, 2 …: an index of pandas that says nothing. */
function isRange(values: List): boolean {
  return values.length > 0 && values.every((value, index) => String(value) === String(index));
}

/** The one table among the values of some keys; tables of several instruments become one with a column `symbol`. */
function choose(entries: readonly (readonly [string, unknown])[], depth: number): JsonShape | null {
  const found = entries.flatMap(([key, value]) => {
    const shape = findShape(value, depth + 1);
    return shape ? [{ key, shape }] : [];
  });
  if (found.length === 0) return null;
  if (found.length === 1) {
    const [{ key, shape }] = found;
    return isSymbol(key) ? { symbol: key, ...shape } : shape;
  }
  const wrapped = wrappers.map((name) => found.find(({ key }) => key.toLowerCase() === name)).find(Boolean);
  if (wrapped) return wrapped.shape;
  const objects = found.flatMap(({ key, shape }) =>
    isSymbol(key) && 'objects' in shape ? [...shape.objects].map((row) => ({ symbol: key, ...row })) : [null],
  );
  if (objects.includes(null)) throw new SeveralTables(found.map(({ key }) => key));
  return { objects: objects.filter((row) => row !== null) };
}

/** Whether a key may be the name of an instrument rather than a word: `AAPL`, `BTC/USD`, `EURUSD=X`. */
function isSymbol(key: string): boolean {
  return /^[A-Z0-9^][A-Z0-9._/:=^-]{0,19}$/.test(key) && /[A-Z]/.test(key);
}

/** What stands beside a table: `ticker`, `meta.symbol`, `Meta Data.6. Time Zone`. */
function aboutTable(record: Keyed): Pick<JsonShape, 'symbol' | 'zone'> {
  const about: { symbol?: string; zone?: string } = {};
  for (const place of [record, record.meta, record['Meta Data']]) {
    for (const [key, value] of isRecord(place) ? Object.entries(place) : []) {
      if (typeof value !== 'string' || value.trim() === '') continue;
      if (/^(?:\d\. )?(?:symbol|ticker|instrument|pair)$/i.test(key)) about.symbol ??= value.trim();
      if (/time ?_?zone/i.test(key) && value.includes('/')) about.zone ??= value.trim();
    }
  }
  return about;
}

/** An object that is itself a bar: a file with one line of JSON. */
function ofOneBar(record: Keyed): JsonShape | null {
  return Object.keys(record).filter(isBarColumn).length > 1 ? { objects: [record] } : null;
}

import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { noSuchColumn } from './extra-column.ts';
import { parseTimeText } from './time-text.ts';
import { cellKinds, cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';

/** How a notebook says which column is what. */
export type ColumnConfig = Pick<DataConfig, 'columns' | 'symbol'>;

/** Where each part of a bar lies in a table: indices of columns. */
interface ColumnMap {
  /** One column, or a date and a time of day. */
  readonly time: readonly [number] | readonly [number, number];
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Undefined where the source has no volume. */
  readonly volume?: number;
  /** What was found, for the report: part → name of the column in the file (`#3` where it has none). */
  readonly found: Readonly<Record<string, string>>;
  /** Names of the columns that nothing was taken from. */
  readonly unused: readonly string[];
  /** The instrument, where the file names one. */
  readonly symbol: string | null;
  /** The time is that of the close of the bar: the file has only a `close_time`. */
  readonly closeLabelled: boolean;
  readonly notes: readonly string[];
  /** Index of a further column by its name. @throws AppError invalid_config where the file has none of that name */
  extra(name: string): number;
  /** A cell as the file has it, for messages. */
  show(column: number, row: number): string;
}

/** Names in order of preference, without case, spaces and signs. */
const names = {
  instant: [
    'opentime',
    'timestamp',
    'datetime',
    'unix',
    'unixtimestamp',
    'ts',
    'epoch',
    'gmttime',
    'localtime',
    't',
    'dt',
    'begin',
    'start',
    'indexlevel0',
    'closetime',
  ],
  date: ['date', 'day', 'dtyyyymmdd'],
  clock: ['time', 'hour'],
  open: ['open', 'openprice', 'o', 'first'],
  high: ['high', 'highprice', 'h', 'max'],
  low: ['low', 'lowprice', 'l', 'min'],
  close: ['close', 'closeprice', 'c', 'last', 'closelast', 'price', 'adjclose'],
  volume: ['volume', 'totalvolume', 'basevolume', 'tickvolume', 'tickvol', 'vol', 'v', 'qty', 'amount'],
} as const;

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const known: ReadonlySet<string> = new Set(Object.values(names).flat());

/** Whether a column of this name may be part of a bar. */
export function isKnownColumn(name: string): boolean {
  const plain = plainName(name);
  return known.has(plain) || plain.startsWith('volume');
}

/**
 * Recognises the columns of a table by their names, or by their order where there is no header: time (or date and
 * time of day), open, high, low, close, then volume; what follows is not used. A file with a close but no open,
 * high and low gives bars with all four equal.
 *
 * @throws AppError data_unreadable, listing the columns there are
 */
export function findColumns(table: RawTable, _config: ColumnConfig): ColumnMap {
  const parts = table.names ? byName(table, table.names) : byOrder(table);
  const { names } = table;
  const used = new Set([...parts.time, parts.open, parts.high, parts.low, parts.close, parts.volume]);
  return {
    ...parts,
    unused: (names ?? []).filter((_, index) => !used.has(index)),
    symbol: null,
    closeLabelled: false,
    extra(name) {
      const index = names?.indexOf(name) ?? -1;
      if (index < 0) throw noSuchColumn(table, name);
      return index;
    },
    show(column, row) {
      const text = cellText(table.columns[column], row);
      if (text === '') return 'nothing';
      return table.columns[column].kind[row] === cellKinds.text ? JSON.stringify(text.slice(0, 40)) : text;
    },
  };
}

type Parts = Pick<ColumnMap, 'time' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'found' | 'notes'>;

function byName(table: RawTable, header: readonly string[]): Parts {
  const plain = header.map(plainName);
  const find = (wanted: readonly string[]): number | undefined => {
    for (const name of wanted) {
      const index = plain.indexOf(name);
      if (index >= 0) return index;
    }
    return undefined;
  };
  const close = find(names.close);
  const time = findTime(table, find);
  if (close === undefined || time === undefined) {
    const missing = [time === undefined ? 'time' : '', close === undefined ? 'close' : '']
      .filter(Boolean)
      .join(' and ');
    throw new AppError(
      'data_unreadable',
      `Found no column for ${missing}: expected a header with time, open, high, low, close and volume, received ` +
        `${header
          .slice(0, 12)
          .map((name) => JSON.stringify(name.slice(0, 40)))
          .join(', ')}. Rename the columns of the file.`,
      { issues: [{ path: 'data.source', message: `no column for ${missing}` }] },
    );
  }
  const notes: string[] = [];
  const prices = { open: find(names.open), high: find(names.high), low: find(names.low) };
  const closeOnly = prices.open === undefined || prices.high === undefined || prices.low === undefined;
  if (closeOnly) notes.push(`no open, high and low columns: all four prices are ${JSON.stringify(header[close])}`);
  const volume = find(names.volume) ?? positive(plain.findIndex((name) => name.startsWith('volume')));
  const parts = {
    open: closeOnly ? close : prices.open!,
    high: closeOnly ? close : prices.high!,
    low: closeOnly ? close : prices.low!,
    close,
    ...(volume === undefined ? {} : { volume }),
  };
  const found = Object.fromEntries(Object.entries(parts).map(([part, index]) => [part, header[index]]));
  return { time, ...parts, found: { time: time.map((index) => header[index]).join(' + '), ...found }, notes };
}

function findTime(
  table: RawTable,
  find: (wanted: readonly string[]) => number | undefined,
): ColumnMap['time'] | undefined {
  const date = find(names.date);
  const clock = find(names.clock);
  if (date !== undefined && clock !== undefined && isDateAndClock(table, date, clock, true)) return [date, clock];
  const one = find(names.instant) ?? clock ?? date;
  return one === undefined ? undefined : [one];
}

function byOrder(table: RawTable): Parts {
  const time: ColumnMap['time'] = table.columns.length > 5 && isDateAndClock(table, 0, 1, false) ? [0, 1] : [0];
  const first = time.length;
  if (table.columns.length < first + 4) {
    throw new AppError(
      'data_unreadable',
      `Found ${table.columns.length} columns and no header: expected time, open, high, low, close and perhaps volume. ` +
        'Check the separator of the file or add a header line.',
      { issues: [{ path: 'data.source', message: `${table.columns.length} columns and no header` }] },
    );
  }
  const [open, high, low, close] = [first, first + 1, first + 2, first + 3];
  const volume = table.columns.length > first + 4 ? first + 4 : undefined;
  const parts = { open, high, low, close, ...(volume === undefined ? {} : { volume }) };
  const found = Object.fromEntries(Object.entries(parts).map(([part, index]) => [part, `#${index + 1}`]));
  return {
    time,
    ...parts,
    found: { time: time.map((index) => `#${index + 1}`).join(' + '), ...found },
    notes: ['no header: columns taken in the order time, open, high, low, close, volume'],
  };
}

/** Whether column `date` holds dates without a time of day and column `clock` times of day (`digits`: also 93000). */
function isDateAndClock(table: RawTable, date: number, clock: number, digits: boolean): boolean {
  for (let row = 0; row < Math.min(table.rows, 20); row++) {
    const dateText = cellText(table.columns[date], row);
    const clockText = cellText(table.columns[clock], row);
    if (dateText === '' || clockText === '') continue;
    return parseTimeText(dateText, 'month-first')?.dateOnly === true && isClock(clockText, digits);
  }
  return false;
}

function isClock(value: string, digits: boolean): boolean {
  return /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?$/.test(value) || (digits && /^\d{1,6}$/.test(value));
}

function positive(index: number): number | undefined {
  return index >= 0 ? index : undefined;
}

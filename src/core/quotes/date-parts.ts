import { cellKinds, cellText, ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { isWrittenTime, readsAsTime } from './column-content.ts';
import { plainName } from './column-names.ts';

/** Parts of a time, the largest first: their names, and the numbers that each may be. */
const parts = [
  { names: 'year yyyy yr jahr annee ano anno jaar rok год 年', least: 1900, most: 2199 },
  { names: 'month mm mon monat mois mes mese maand miesiac месяц 月', least: 1, most: 12 },
  { names: 'day dd dayofmonth tag jour dia giorno dag dzien день 日', least: 1, most: 31 },
  { names: 'hour hh hr hours stunde heure hora ora uur час 时', least: 0, most: 24 },
  { names: 'minute min mi minutes minuten minuto minuut минута 分', least: 0, most: 59 },
  { names: 'second sec ss seconds sekunde seconde segundo secondo секунда 秒', least: 0, most: 60 },
].map(({ names, ...range }) => ({ names: names.split(' ').map(plainName), ...range }));

const clockNames = ['time', 'clock', 'uhrzeit', 'heure', 'hora'];
const judged = 200;

/**
 * A table whose times are cut into columns, Year, Month, Day and perhaps Hour, Minute and Second, with one column of
 * times in place of them; as it is where it has a column of times besides, or no such columns.
 */
export function joinDateParts(table: RawTable): RawTable {
  const found = findParts(table);
  if (found === undefined) return table;
  const { columns, clock } = found;
  const taken = new Set([...columns, ...(clock === undefined ? [] : [clock])]);
  const rest = [...table.columns.keys()].filter((index) => !taken.has(index));
  if (rest.some((index) => isTime(table.columns[index]))) return table;
  const names = table.names ?? [];
  const label = [...taken].map((index) => names[index]).join(' + ');
  const joined = joinColumns(
    columns.map((index) => table.columns[index]),
    clock === undefined ? null : table.columns[clock],
    table.rows,
  );
  const [first] = columns;
  const keep = [...table.columns.keys()].filter((index) => index === first || !taken.has(index));
  return {
    ...table,
    names: keep.map((index) => (index === first ? label : names[index])),
    instruments: table.instruments && keep.map((index) => table.instruments![index]),
    columns: keep.map((index) => (index === first ? joined : table.columns[index])),
    notes: [...table.notes, `the time is put together of the columns ${label}`],
  };
}

/** Columns of the parts, the year first and none left out, and of the clock where the day has one of its own. */
function findParts({
  names,
  columns,
}: RawTable): { columns: readonly number[]; clock: number | undefined } | undefined {
  const plain = (names ?? []).map(plainName);
  const found: number[] = [];
  for (const { names: known, least, most } of parts) {
    const places = plain.flatMap((name, index) => (known.includes(name) ? [index] : []));
    const [place] = places;
    if (places.length !== 1 || !isWithin(columns[place], least, most)) break;
    found.push(place);
  }
  // A year alone is read as it is.
  if (found.length < 2) return undefined;
  const clock =
    found.length === 3 ? plain.findIndex((name, index) => clockNames.includes(name) && isClock(columns[index])) : -1;
  return { columns: found, clock: clock < 0 ? undefined : clock };
}

function isWithin({ kind, numbers }: RawColumn, least: number, most: number): boolean {
  let filled = 0;
  for (let row = 0; row < Math.min(kind.length, judged); row++) {
    if (kind[row] === cellKinds.blank) continue;
    const value = numbers[row];
    if (!(Number.isInteger(value) && value >= least && value <= most)) return false;
    filled++;
  }
  return filled > 0;
}

function isClock(column: RawColumn): boolean {
  return /^\d{1,2}:\d{2}/.test(cellText(column, 0));
}

function isTime(column: RawColumn): boolean {
  return isWrittenTime(column) || (readsAsTime(column) && !isWithin(column, 0, 1e6));
}

function joinColumns(columns: readonly RawColumn[], clock: RawColumn | null, rows: number): RawColumn {
  const joined = new ColumnBuilder(rows);
  const two = (column: RawColumn | undefined, row: number): string =>
    String(column ? column.numbers[row] : 0).padStart(2, '0');
  for (let row = 0; row < rows; row++) {
    if (columns.some(({ numbers }) => Number.isNaN(numbers[row]))) {
      joined.blank();
      continue;
    }
    const [year, month, day, ...time] = columns;
    const date = [two(year, row), two(month, row), ...(day ? [two(day, row)] : [])].join('-');
    if (clock) joined.text(`${date} ${cellText(clock, row)}`);
    else joined.text(time.length === 0 ? date : `${date} ${[0, 1, 2].map((k) => two(time[k], row)).join(':')}`);
  }
  return joined.finish();
}

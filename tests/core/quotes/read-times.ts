import { parseTimes } from '#core/quotes/timestamp.ts';
import { openZone } from '#core/time/zone.ts';
import { type CellValue, table } from '../bars/make-table.ts';

interface Options {
  readonly name?: string | null;
  readonly zone?: string;
}

/** Times of one column as they are read, as ISO text; null where there is none. */
export function read(cells: readonly CellValue[], { name = 'time', zone = 'UTC' }: Options = {}) {
  const source = table(
    cells.map((cell) => [cell]),
    name === null ? null : [name],
  );
  const { ms, ...rest } = parseTimes(source, [0], openZone(zone));
  return { times: [...ms].map(iso), ...rest };
}

/** The same of a column of dates and one of clocks. */
export function readPair(dates: readonly CellValue[], clocks: readonly CellValue[], zone = 'UTC') {
  const source = table(
    dates.map((date, row) => [date, clocks[row]]),
    ['<DATE>', '<TIME>'],
  );
  return [...parseTimes(source, [0, 1], openZone(zone)).ms].map(iso);
}

export const iso = (ms: number) => (Number.isNaN(ms) ? null : new Date(ms).toISOString().replace(/:00\.000Z$/, 'Z'));
export const upTo = (count: number, of: (k: number) => CellValue) => Array.from({ length: count }, (_, k) => of(k));

import type { RawTable } from '#core/table/table.ts';
import { isConstant, isCounter, isDateAndClock, isEpochSeries, isWrittenTime, readsAsTime } from './column-content.ts';
import { hasRole, namesOf } from './column-names.ts';
import type { HeaderCell } from './header.ts';

/** A column of times, or one of dates and one of clocks. */
export type TimeColumns = readonly [number] | readonly [number, number];

const timeWords = /time|date|stamp|zeit|datum|fecha|时间|日期|時刻/;
const closeWords = /close|end/;

/**
 * Finds the time by its name: a date and a clock, an instant, a clock or a date alone, an index without a name, then
 * whatever else reads as times. A name alone is enough only where no other column reads as times.
 */
export function findTime(table: RawTable, header: readonly HeaderCell[]): TimeColumns | undefined {
  const reads = ({ index }: HeaderCell): boolean => readsAsTime(table.columns[index]);
  const dates = named(header, 'date');
  const clocks = named(header, 'clock');
  for (const date of dates) {
    for (const clock of clocks) {
      if (isDateAndClock(table.columns[date.index], table.columns[clock.index], true)) return [date.index, clock.index];
    }
  }
  const likely = [...named(header, 'instant'), ...clocks, ...dates];
  const found =
    likely.find(reads) ??
    header.find((cell) => (cell.name === '' || hasRole(cell.plain, 'counter')) && isIndexOfTimes(table, cell)) ??
    header.find((cell) => timeWords.test(cell.plain) && !closeWords.test(cell.plain) && isOfTimes(table, cell)) ??
    named(header, 'closing').find(reads) ??
    header.find((cell) => timeWords.test(cell.plain) && isOfTimes(table, cell)) ??
    onlyOne(header.filter(({ index }) => isWrittenTime(table.columns[index]) && !isConstant(table.columns[index]))) ??
    onlyOne(header.filter(({ index }) => isEpochSeries(table.columns[index]))) ??
    likely[0] ??
    named(header, 'closing')[0];
  return found === undefined ? undefined : [found.index];
}

/** Whether a name says that its times are those at which bars close. */
export function isClosingTime({ plain }: HeaderCell): boolean {
  return hasRole(plain, 'closing') || (timeWords.test(plain) && closeWords.test(plain) && !plain.includes('open'));
}

/** Columns of a role, those with the preferred names first. */
function named(header: readonly HeaderCell[], role: 'instant' | 'date' | 'clock' | 'closing'): HeaderCell[] {
  return namesOf(role).flatMap((name) => header.filter(({ plain }) => plain === name));
}

function isIndexOfTimes({ columns }: RawTable, { index }: HeaderCell): boolean {
  return readsAsTime(columns[index]) && !isCounter(columns[index]);
}

function isOfTimes({ columns }: RawTable, { index }: HeaderCell): boolean {
  return readsAsTime(columns[index]) && !isConstant(columns[index]);
}

function onlyOne(cells: readonly HeaderCell[]): HeaderCell | undefined {
  return cells.length === 1 ? cells[0] : undefined;
}

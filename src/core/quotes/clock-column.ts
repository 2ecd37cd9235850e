import { cellKinds, cellText, ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import { readTimeNumbers } from './time-number.ts';

/**
 * Date and time of day of two columns as one column of texts.
 * @param name of the column of dates; null where it has none
 */
export function joinClock(dates: RawColumn, clocks: RawColumn, rows: number, name: string | null): RawColumn {
  const largest = clocks.numbers.reduce((most, value) => (value > most ? value : most), 0);
  const numeric = dates.texts === null && !dates.kind.includes(cellKinds.instant);
  const days = numeric ? readTimeNumbers(dates.numbers, name).ms : null;
  let [previous, dateText] = [NaN, ''];
  const joined = new ColumnBuilder(rows);
  for (let row = 0; row < rows; row++) {
    if (days === null) dateText = cellText(dates, row);
    else if (days[row] !== previous) {
      previous = days[row];
      dateText = Number.isNaN(previous) ? '' : new Date(previous).toISOString().slice(0, 10);
    }
    const clock = cellText(clocks, row);
    if (dateText === '' || clock === '') joined.blank();
    else
      joined.text(`${dateText} ${Number.isNaN(clocks.numbers[row]) ? clock : clockText(clocks.numbers[row], largest)}`);
  }
  return joined.finish();
}

/**
 * 93000 → `09:30:00`, 930 → `09:30`, 9 → `09:00`, 0.5 → `12:00:00`; the largest value of the column decides which form
 * it has.
 */
function clockText(value: number, largest: number): string {
  if (largest > 0 && largest < 1) return new Date(Math.round(value * 86_400) * 1000).toISOString().slice(11, 19);
  if (largest < 24) return `${String(value).padStart(2, '0')}:00`;
  const digits = String(value).padStart(largest > 2400 ? 6 : 4, '0');
  return digits.replace(/(\d\d)(?=\d)/g, '$1:');
}

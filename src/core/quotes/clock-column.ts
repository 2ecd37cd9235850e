import { cellKinds, cellText, ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import { day } from '#core/time/timeframe.ts';
import { readTimeNumbers } from './time-number.ts';

/**
 * Date and time of day of two columns as one column of texts.
 * @param name of the column of dates; null where it has none
 */
export function joinClock(dates: RawColumn, clocks: RawColumn, rows: number, name: string | null): RawColumn {
  const form = clockForm(clocks.numbers);
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
    else joined.text(`${dateText} ${Number.isNaN(clocks.numbers[row]) ? clock : clockText(clocks.numbers[row], form)}`);
  }
  return joined.finish();
}

/** How clocks are written in numbers. */
type ClockForm = 'digits' | 'digits with seconds' | 'hours' | 'share of a day' | readonly [unit: number];

/**
 * 93000 → digits with seconds, 930 → digits, 9 → hours, 0.5 → share of a day, and where some are no time of day as
 * digits (3660, 75) the milliseconds of what is counted since midnight. All values of the column decide.
 */
function clockForm(values: Float64Array): ClockForm {
  const clocks = values.filter(Number.isFinite);
  const largest = clocks.reduce((most, value) => (value > most ? value : most), 0);
  const whole = clocks.every(Number.isInteger);
  if (largest > 0 && largest < 1) return 'share of a day';
  if (largest < 24 && whole) return 'hours';
  const digits = whole && clocks.every((value) => value % 100 < 60 && Math.floor(value / 100) % 100 < 60);
  if (digits && largest <= 2400) return 'digits';
  if (digits && largest <= 240_000) return 'digits with seconds';
  const unit = [60_000, 1000, 1, 0.001].find((size) => largest * size <= day);
  return unit === undefined ? 'digits with seconds' : [unit];
}

function clockText(value: number, form: ClockForm): string {
  switch (form) {
    case 'hours':
      return `${String(value).padStart(2, '0')}:00`;
    case 'share of a day':
      return textOf(Math.round(value * 86_400) * 1000);
    case 'digits':
    case 'digits with seconds': {
      const digits = String(value).padStart(form === 'digits' ? 4 : 6, '0');
      return digits.replace(/(\d\d)(?=\d)/g, '$1:');
    }
    default:
      return textOf(Math.round(value * form[0]));
  }
}

function textOf(ms: number): string {
  return ms === day ? '24:00' : new Date(ms).toISOString().slice(11, 23);
}

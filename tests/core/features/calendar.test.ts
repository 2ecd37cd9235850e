import { expect, test } from 'vitest';
import { calendarFeatures } from '#core/features/calendar.ts';

const both = { time_of_day: true, day_of_week: true };

function at(iso: string, timezone = 'UTC'): Record<string, number> {
  const { names, columns } = calendarFeatures(Float64Array.of(Date.parse(iso)), both, timezone);
  return Object.fromEntries(names.map((name, c) => [name.replace('calendar.', ''), columns[c][0]]));
}

/** Hour of the day and day of the week (Monday 0) that the sines and cosines stand for. */
function read(iso: string, timezone?: string): { hour: number; day: number } {
  const value = at(iso, timezone);
  const turn = (sin: number, cos: number) => (Math.atan2(sin, cos) / (2 * Math.PI) + 1) % 1;
  return {
    hour: Math.round(turn(value.time_of_day_sin, value.time_of_day_cos) * 24 * 60) / 60,
    day: Math.round(turn(value.day_of_week_sin, value.day_of_week_cos) * 7) % 7,
  };
}

test('a day and a week are circles, read in UTC', () => {
  expect(read('2023-03-06T00:00:00Z')).toEqual({ hour: 0, day: 0 });
  expect(read('2023-03-08T06:30:59Z')).toEqual({ hour: 6.5, day: 2 });
  expect(read('2023-03-12T23:59:00Z').day).toBe(6);
  expect(at('2023-03-06T06:00:00Z').time_of_day_sin).toBeCloseTo(1, 12);
  expect(read('1969-12-28T12:00:00Z')).toEqual({ hour: 12, day: 6 });
});

test('a zone moves with its summer time, on the day of the change too', () => {
  // New York changed at 2023-03-12 07:00 UTC from −5 to −4 hours.
  expect(read('2023-03-12T06:59:00Z', 'America/New_York').hour).toBeCloseTo(1 + 59 / 60, 9);
  expect(read('2023-03-12T07:00:00Z', 'America/New_York').hour).toBe(3);
  expect(read('2023-01-09T02:00:00Z', 'America/New_York')).toEqual({ hour: 21, day: 6 });
  expect(read('2023-07-10T02:00:00Z', 'America/New_York')).toEqual({ hour: 22, day: 6 });
  expect(read('2023-07-10T02:00:00Z', 'Asia/Kolkata')).toEqual({ hour: 7.5, day: 0 });
});

test('each cycle can be left out', () => {
  const closes = Float64Array.of(0);
  expect(calendarFeatures(closes, { time_of_day: true, day_of_week: false }, 'UTC').names).toEqual([
    'calendar.time_of_day_sin',
    'calendar.time_of_day_cos',
  ]);
  expect(calendarFeatures(closes, { time_of_day: false, day_of_week: false }, 'UTC').names).toEqual([]);
});

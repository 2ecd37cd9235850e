import { describe, expect, it } from 'vitest';
import { newYorkDate, nyseSession } from '#core/sessions/nyse-sessions.ts';
import { day, hour, minute } from '#core/time/timeframe.ts';

/**
 * Weekdays without a session as the exchange published them, and days that closed at 13:00, each as month-day.
 * Checked against the package exchange_calendars 4 for every day from 1990 to 2026.
 */
const published: Readonly<Record<number, readonly [closed: string, early: string]>> = {
  1994: ['02-21 04-01 04-27 05-30 07-04 09-05 11-24 12-26', '11-25'],
  1997: ['01-01 02-17 03-28 05-26 07-04 09-01 11-27 12-25', '07-03 11-28 12-24 12-26'],
  2001: ['01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25', '07-03 11-23 12-24'],
  2002: ['01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25', '07-05 11-29 12-24'],
  2004: ['01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24', '11-26'],
  2007: ['01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25', '07-03 11-23 12-24'],
  2012: ['01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25', '07-03 11-23 12-24'],
  2013: ['01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  2018: ['01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25', '07-03 11-23 12-24'],
  2020: ['01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25', '11-27 12-24'],
  2021: ['01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24', '11-26'],
  2022: ['01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26', '11-25'],
  2023: ['01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
  2024: ['01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  2025: ['01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', '07-03 11-28 12-24'],
  2026: ['01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
};

describe('sessions of the New York Stock Exchange', () => {
  it.each(Object.entries(published))('in %s are those that were published', (year, [closed, early]) => {
    const found: { closed: string[]; early: string[] } = { closed: [], early: [] };
    for (let date = Date.UTC(Number(year), 0, 1); date < Date.UTC(Number(year) + 1, 0, 1); date += day) {
      const weekday = new Date(date).getUTCDay();
      const session = nyseSession(date);
      const name = new Date(date).toISOString().slice(5, 10);
      if (weekday === 0 || weekday === 6) expect(session).toBeUndefined();
      else if (!session) found.closed.push(name);
      else if (session[1] - session[0] === 3.5 * hour) found.early.push(name);
      else expect(session[1] - session[0]).toBe(6.5 * hour);
    }
    expect(found).toEqual({ closed: closed.split(' '), early: early.split(' ') });
  });

  it('open at 09:30 of New York, summer and winter, on the days of a change too', () => {
    const open = (date: number) => new Date(nyseSession(date)?.[0] ?? NaN).toISOString();
    expect(open(Date.UTC(2024, 2, 8))).toBe('2024-03-08T14:30:00.000Z');
    expect(open(Date.UTC(2024, 2, 11))).toBe('2024-03-11T13:30:00.000Z');
    expect(open(Date.UTC(2024, 10, 1))).toBe('2024-11-01T13:30:00.000Z');
    expect(open(Date.UTC(2024, 10, 4))).toBe('2024-11-04T14:30:00.000Z');
  });

  it('belong to the date that the clock in New York shows', () => {
    expect(newYorkDate(Date.UTC(2024, 0, 2, 4, 59))).toBe(Date.UTC(2024, 0, 1));
    expect(newYorkDate(Date.UTC(2024, 0, 2, 5))).toBe(Date.UTC(2024, 0, 2));
    expect(newYorkDate(Date.UTC(2024, 6, 2, 4) - minute)).toBe(Date.UTC(2024, 6, 1));
  });
});

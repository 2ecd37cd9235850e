import { day } from '#core/time/timeframe.ts';
import { openZone } from '#core/time/zone.ts';

/**
 * Days on which the New York Stock Exchange was closed beside its rule: elections (until 1980), funerals and mourning,
 * the blackout of 1977, the storms of 1985 and 2012, September 2001.
 * Source: NYSE, "Special Closings" (Stocks.NYSE-Closings.pdf), and its notices since.
 */
const specialClosings = new Set([
  ...['1972-11-07', '1972-12-28', '1973-01-25', '1976-11-02', '1977-07-14', '1980-11-04', '1985-09-27'],
  ...['1994-04-27', '2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14', '2004-06-11', '2007-01-02'],
  ...['2012-10-29', '2012-10-30', '2018-12-05', '2025-01-09'],
]);

/** Days that closed at 13:00 beside the rule; source as above. */
const specialEarlyCloses = new Set(['1997-12-26', '1999-12-31', '2003-12-26']);

const [monday, thursday, friday] = [1, 4, 5];
// Opened at the first call: that takes longer than loading a small file.
const zoneName = 'America/New_York';
const minute = 60_000;

/**
 * The session of the New York Stock Exchange on a date of its own clock, as instants [open, close) in ms; undefined
 * where it is closed. 09:30 to 16:00, on early closes to 13:00; holidays by NYSE Rule 7.2 (1971 on: a holiday on a
 * Saturday is kept on Friday, on a Sunday on Monday, New Year's Day never on the Friday before).
 *
 * @param date midnight of the date as if it were UTC, ms
 */
export function nyseSession(date: number): readonly [open: number, close: number] | undefined {
  const weekday = new Date(date).getUTCDay();
  if (weekday === 0 || weekday === 6) return undefined;
  const year = new Date(date).getUTCFullYear();
  const { closed, early } = daysOf(year);
  if (closed.has(date)) return undefined;
  const newYork = openZone(zoneName);
  const instant = (minutes: number) => {
    const local = date + minutes * minute;
    // The clock changes at night: its offset at noon is that of the whole session.
    return local - newYork.offsetAt(date + 17 * 60 * minute);
  };
  return [instant(570), instant(early.has(date) ? 780 : 960)];
}

/** Midnight, as if it were UTC, of the date that New York's clock shows at an instant. */
export function newYorkDate(at: number): number {
  return Math.floor((at + openZone(zoneName).offsetAt(at)) / day) * day;
}

interface YearDays {
  readonly closed: ReadonlySet<number>;
  readonly early: ReadonlySet<number>;
}
const years = new Map<number, YearDays>();

function daysOf(year: number): YearDays {
  let days = years.get(year);
  if (!days) {
    days = { closed: new Set(holidays(year)), early: new Set(earlyCloses(year)) };
    years.set(year, days);
  }
  return days;
}

function holidays(year: number): number[] {
  const newYear = Date.UTC(year, 0, 1);
  return [
    new Date(newYear).getUTCDay() === 0 ? newYear + day : newYear,
    ...(year >= 1998 ? [nth(year, 1, monday, 3)] : []),
    nth(year, 2, monday, 3),
    easter(year) - 2 * day,
    nth(year, 6, monday, 1) - 7 * day,
    ...(year >= 2022 ? [observed(Date.UTC(year, 5, 19))] : []),
    observed(Date.UTC(year, 6, 4)),
    nth(year, 9, monday, 1),
    nth(year, 11, thursday, 4),
    observed(Date.UTC(year, 11, 25)),
    ...[...specialClosings].filter((text) => text.startsWith(String(year))).map((text) => Date.parse(text)),
  ];
}

/** Early closes at 13:00, since 1993: after Thanksgiving, before or after Independence Day, on Christmas Eve. */
function earlyCloses(year: number): number[] {
  if (year < 1993) return [];
  const third = Date.UTC(year, 6, 3);
  const weekday = new Date(third).getUTCDay();
  const beforeThe4th = weekday === 1 || weekday === 2 || weekday === 4 || (weekday === 3 && year >= 2013);
  return [
    nth(year, 11, thursday, 4) + day,
    ...(year >= 1995 && beforeThe4th ? [third] : []),
    ...(year >= 1995 && weekday === 3 && year < 2013 ? [third + 2 * day] : []),
    ...(year >= 1996 && new Date(Date.UTC(year, 11, 24)).getUTCDay() < friday ? [Date.UTC(year, 11, 24)] : []),
    ...[...specialEarlyCloses].filter((text) => text.startsWith(String(year))).map((text) => Date.parse(text)),
  ];
}

function observed(date: number): number {
  const weekday = new Date(date).getUTCDay();
  return weekday === 6 ? date - day : weekday === 0 ? date + day : date;
}

/** The nth such weekday of a month, from 1. */
function nth(year: number, month: number, weekday: number, count: number): number {
  const first = Date.UTC(year, month - 1, 1);
  return first + (((weekday - new Date(first).getUTCDay() + 7) % 7) + 7 * (count - 1)) * day;
}

/** Easter Sunday of the Gregorian calendar: the anonymous algorithm (Meeus, Astronomical Algorithms, ch. 8). */
function easter(year: number): number {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return Date.UTC(year, month - 1, (h + l - 7 * m + 33 * month + 19) % 32);
}

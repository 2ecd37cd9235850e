import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { nyseSession } from '#core/sessions/nyse-sessions.ts';
import { day, hour, minute, week } from '#core/time/timeframe.ts';
import { openZone } from '#core/time/zone.ts';
import type { DataConfig } from '#core/config/data.ts';
import { type Market, newYork, stampedIn, trade } from '../bars/make-market.ts';
import { bar, config, type Row, table } from '../bars/make-table.ts';

const rowsOf = (times: readonly number[], volume = (k: number) => 100 + (k % 7)): Row[] =>
  times.map((at, k) => bar(at, 100 + (k % 11), volume(k)));
const clean = (times: readonly number[], data: Partial<DataConfig> = {}) =>
  cleanBars([table(rowsOf(times))], config(data)).report;
const trains = { gaps: 0, missingBars: 0, segments: 1, offGrid: 0 } as const;

describe('a market with sessions, on the defaults', () => {
  it.each([
    ['America/New_York', 'UTC'],
    ['Europe/Berlin', 'UTC'],
    ['Asia/Tokyo', 'UTC'],
    ['Australia/Sydney', 'UTC'],
    ['Asia/Kolkata', 'UTC'],
    ['UTC', 'UTC'],
    ['UTC', 'America/New_York'],
  ])('has no gap, stamped in %s and read in %s', (stamps, timezone) => {
    const times = trade(newYork, 5 * minute, '2023-08-01', '2024-06-01');
    const report = clean(stampedIn(stamps, times), { timezone });
    expect(report).toMatchObject(trains);
    expect(report.closures).toBeGreaterThan(200);
    expect(report.calendar).toMatch(/^learned from 44 weeks of the file: open 32\.5 hours a week/);
  });

  it.each([
    ['hourly bars from the half hour', hour, newYork],
    ['half-hour bars', hour / 2, newYork],
    ['two-hour bars', 2 * hour, newYork],
    ['four-hour bars', 4 * hour, newYork],
    [
      'a lunch break',
      minute * 5,
      {
        zone: 'Asia/Shanghai',
        hours: [
          [570, 690],
          [780, 900],
        ],
        closed: ['2024-02-09', '2024-02-12', '2024-02-13'],
      },
    ],
    [
      'a day of 23 hours',
      minute * 15,
      {
        zone: 'America/Chicago',
        hours: [
          [0, 960],
          [1020, 1440],
        ],
        weekdays: [1, 2, 3, 4],
      },
    ],
    ['Sunday to Thursday', minute * 15, { zone: 'Asia/Jerusalem', hours: [[599, 1035]], weekdays: [0, 1, 2, 3, 4] }],
    [
      'a night session',
      minute * 15,
      {
        zone: 'Asia/Shanghai',
        hours: [
          [0, 150],
          [540, 615],
          [630, 690],
          [810, 900],
          [1260, 1440],
        ],
      },
    ],
  ] as const)('explains %s', (_, step, market) => {
    expect(clean(trade(market, step, '2023-08-01', '2024-06-01'))).toMatchObject(trains);
  });

  it('explains the week of a market that trades day and night, with Christmas and New Year', () => {
    const times: number[] = [];
    const clock = openZone('America/New_York');
    for (let at = Date.UTC(2022, 8, 4); at < Date.UTC(2024, 5, 1); at += hour) {
      const local = at + clock.offsetAt(at);
      const inWeek = (local - 3 * day) % week;
      const isHoliday = [Date.UTC(2022, 11, 25), Date.UTC(2023, 11, 25), Date.UTC(2024, 0, 1)].some(
        (date) => at >= date - 2 * hour && at < date + 22 * hour,
      );
      if (inWeek >= 17 * hour && inWeek < 5 * day + 17 * hour && !isHoliday) times.push(at);
    }
    expect(clean(times)).toMatchObject(trains);
    expect(clean(stampedIn('Europe/Athens', times))).toMatchObject(trains);
  });

  it('keeps daily bars of local midnight when the clock changes, without being told the zone', () => {
    const times = trade({ ...newYork, hours: [[0, 1]] }, day, '2023-08-01', '2024-06-01');
    expect(clean(times)).toMatchObject({ ...trains, step: day, bars: times.length });
  });

  it.each([
    ['five days of minutes', minute, '2024-03-04', '2024-03-09'],
    ['eight days of minutes', minute, '2024-03-05', '2024-03-13'],
    ['two weeks of quarter hours', 15 * minute, '2024-03-04', '2024-03-16'],
    ['three weeks over the change of the clock', 5 * minute, '2024-02-26', '2024-03-16'],
    ['sixty days of five minutes', 5 * minute, '2024-02-01', '2024-04-01'],
  ])('trains on %s', (_, step, from, to) => {
    expect(clean(trade(newYork, step, from, to))).toMatchObject(trains);
  });

  it('takes the weekend of ten days of a market that trades day and night for one', () => {
    const times: number[] = [];
    for (let at = Date.UTC(2024, 2, 4); at < Date.UTC(2024, 2, 14); at += 5 * minute) {
      const inWeek = (at - 3 * day) % week;
      if (inWeek >= 22 * hour && inWeek < 5 * day + 22 * hour) times.push(at);
    }
    expect(clean(times)).toMatchObject({ ...trains, closures: 1 });
  });

  it('follows trading hours that were made longer in the course of years', () => {
    const early = trade({ ...newYork, hours: [[600, 960]] }, hour / 2, '2018-01-01', '2020-01-01');
    const late = trade({ ...newYork, hours: [[570, 990]] }, hour / 2, '2020-01-01', '2024-01-01');
    expect(clean([...early, ...late]).gaps).toBeLessThan(3);
  });

  it('explains a golden week that another year has too', () => {
    const golden = ['02', '03', '04', '05', '06', '09'].map((date) => `2023-10-${date}`);
    const before = ['03', '04', '05', '06', '07'].map((date) => `2022-10-${date}`);
    const closed = { zone: 'Asia/Shanghai', hours: [[0, 1]], closed: [...golden, ...before] } as const;
    expect(clean(trade(closed, day, '2022-01-01', '2024-01-01'))).toMatchObject(trains);
  });
});

describe('an outage', () => {
  const year = trade(newYork, 5 * minute, '2023-08-01', '2024-06-01');
  const without = (from: string, to: string) => year.filter((at) => at < Date.parse(from) || at >= Date.parse(to));

  it('within a session is a gap, of the bars that are missing', () => {
    expect(clean(without('2024-05-08T15:00Z', '2024-05-08T17:00Z'))).toMatchObject({
      gaps: 1,
      missingBars: 24,
      segments: 2,
    });
  });

  it('at the end of an ordinary session is a gap', () => {
    expect(clean(without('2024-05-08T18:00Z', '2024-05-09'))).toMatchObject({ gaps: 1, missingBars: 24 });
  });

  it('of a week is a gap, though it is whole sessions', () => {
    expect(clean(without('2024-05-06', '2024-05-11'))).toMatchObject({
      gaps: 1,
      missingBars: 5 * 78,
      longestGap: 5 * 78,
    });
  });

  it('of two days of a market that never closes is a gap', () => {
    const hours = Array.from({ length: 24 * 120 }, (_, k) => Date.UTC(2024, 0, 1) + k * hour);
    const report = clean(hours.filter((_, k) => k < 1000 || k >= 1048));
    expect(report).toMatchObject({ gaps: 1, missingBars: 48, closures: 0, segments: 2 });
    expect(report.calendar).toMatch(/open all week/);
  });

  it('of a day of daily bars of a market that never closes is a gap', () => {
    const days = Array.from({ length: 300 }, (_, k) => Date.UTC(2024, 0, 1) + k * day);
    expect(clean(days.filter((_, k) => k !== 100))).toMatchObject({ gaps: 1, missingBars: 1 });
  });
});

describe('a long absence', () => {
  it.each([
    ['years', '2013-05-01', '2024-05-01'],
    ['a year', '2023-05-01', '2024-05-01'],
    ['three weeks', '2024-04-09', '2024-05-29'],
  ])('of %s between two months is a gap, in a market with sessions and in one without', (_, first, second) => {
    const length = 30 * day;
    for (const market of [newYork, { zone: 'UTC', hours: [[0, 1440]], weekdays: [0, 1, 2, 3, 4, 5, 6] } as const]) {
      const part = (from: string) =>
        trade(market, 15 * minute, from, new Date(Date.parse(from) + length).toISOString());
      const report = clean([...part(first), ...part(second)]);
      expect(report).toMatchObject({ gaps: 1, segments: 2 });
      expect(report.notes.join()).toMatch(/no bars from .* days: a gap/);
    }
  });

  it('of a week after each few seconds, for a hundred years, is read all the same', () => {
    const weeks = Array.from({ length: 5_500 }, (_, k) => Date.UTC(1975, 0, 1) + k * week + (k % 7) * 1_000);
    const report = clean(weeks.flatMap((at) => [at, at + 1_000, at + 2_000]));
    expect(report).toMatchObject({ step: 1_000, bars: 16_500 });
  });

  it('makes one wrong row far away a row left out, with its time', () => {
    const hours = Array.from({ length: 200 }, (_, k) => Date.UTC(2024, 4, 1) + k * hour);
    for (const wrong of ['1971-05-01', '2014-05-01', '2034-05-01']) {
      const report = clean([...hours, Date.parse(wrong)]);
      expect(report).toMatchObject({ strayRows: 1, bars: 200, gaps: 0, segments: 1 });
      expect(report.notes.join()).toContain(`one row more than a year from all others left out: ${wrong} 00:00`);
    }
  });

  it('names a row that lies weeks away, and breaks there', () => {
    const hours = Array.from({ length: 200 }, (_, k) => Date.UTC(2024, 4, 1) + k * hour);
    const report = clean([...hours, Date.UTC(2024, 2, 1)]);
    expect(report).toMatchObject({ strayRows: 0, bars: 201, gaps: 1, segments: 2 });
    expect(report.notes.join()).toMatch(/no bars from 2024-03-01 01:00 to 2024-05-01 00:00, 61 days/);
  });
});

describe('a file of bars with trades only', () => {
  const random = (seed: number) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const every = (count: number, share: number): number[] => {
    const next = random(42);
    const times = Array.from({ length: count }, (_, k) => Date.UTC(2024, 0, 1) + k * minute);
    return times.filter((_, k) => k === 0 || k === count - 1 || next() >= share);
  };

  it.each([0.05, 0.16, 0.5, 0.8])('does not break where %d of its minutes have none', (share) => {
    const report = clean(every(30_000, share));
    expect(report.segments).toBeLessThan(4 + report.bars / 400);
    expect(report.untraded).toBeGreaterThan(100);
    expect(report.notes.join()).toMatch(/lists only bars with trades/);
  });

  it.each([2, 3, 5, 7])('does not break where every %dth bar is missing, be it for weeks', (nth) => {
    for (const step of [minute, 15 * minute, hour]) {
      const times = Array.from({ length: 4_000 }, (_, k) => Date.UTC(2024, 0, 1) + k * step);
      expect(clean(times.filter((_, k) => k % nth !== 1))).toMatchObject(trains);
    }
  });

  it('still breaks at an outage', () => {
    const times = every(30_000, 0.16).filter((at) => at < Date.UTC(2024, 0, 8) || at >= Date.UTC(2024, 0, 8, 3));
    expect(clean(times)).toMatchObject({ gaps: 1, missingBars: 180, segments: 2 });
  });

  it('breaks at every missing bar where bars without trades are listed too', () => {
    const times = every(5_000, 0.05);
    const { report } = cleanBars([table(rowsOf(times, (k) => k % 9))], config());
    expect(report.untraded).toBe(0);
    expect(report.gaps).toBeGreaterThan(100);
  });

  it('fills the short ones where that is wanted', () => {
    const { bars, report } = cleanBars(
      [table(rowsOf(every(2_000, 0.16)))],
      config({ gaps: { policy: 'fill', max_fill: 5 } }),
    );
    expect(report.filledBars).toBe(bars.filled.filter((flag) => flag === 1).length);
    expect(report).toMatchObject({ bars: 2_000, segments: 1 });
  });

  it('of a market with sessions trains too, with rare bars before and after the session', () => {
    const next = random(7);
    const times = trade({ ...newYork, hours: [[240, 1200]] }, minute, '2023-11-06', '2024-02-01').filter((at) => {
      const session = nyseSession(Math.floor(at / day) * day);
      return session && at >= session[0] && at < session[1] ? next() > 0.1 : next() > 0.85;
    });
    const report = clean(times);
    expect(report.segments).toBeLessThan(report.bars / 400);
  });
});

describe('data.exchange: XNYS', () => {
  const rth: Market = { ...newYork, closed: [], early: {} };
  const xnys = (times: readonly number[], data: Partial<DataConfig> = {}) =>
    clean(times, { exchange: 'XNYS', ...data });
  const opened = trade(rth, 5 * minute, '2023-08-01', '2024-06-01').filter((at) => {
    const session = nyseSession(Math.floor(at / day) * day);
    return session !== undefined && at >= session[0] && at < session[1];
  });

  it('explains nights, weekends, holidays and early closes', () => {
    expect(xnys(opened)).toMatchObject({ ...trains, bars: opened.length });
    expect(xnys(opened).calendar).toMatch(/^XNYS/);
  });

  it('counts every bar that is missing in a session, be it a whole day or many weeks', () => {
    const dayOut = opened.filter((at) => Math.floor(at / day) * day !== Date.UTC(2024, 4, 8));
    expect(xnys(dayOut)).toMatchObject({ gaps: 1, missingBars: 78 });
    const monthOut = opened.filter((at) => at < Date.UTC(2023, 10, 1) || at >= Date.UTC(2023, 11, 1));
    // Twenty-one sessions, one of them early.
    expect(xnys(monthOut)).toMatchObject({ gaps: 1, missingBars: 20 * 78 + 42 });
  });

  it('fills exactly what it counts', () => {
    const out = opened.filter((at) => Math.floor(at / day) * day !== Date.UTC(2024, 4, 8));
    const report = xnys(out, { gaps: { policy: 'fill', max_fill: 100 } });
    expect(report).toMatchObject({ missingBars: 78, filledBars: 78, bars: opened.length, segments: 1 });
  });

  it('knows closures of more than two weeks to be none, and September 2001 to be one', () => {
    const days = trade({ ...rth, hours: [[0, 1]] }, day, '2001-06-01', '2002-01-01').filter((at) =>
      nyseSession(Math.floor(at / day) * day),
    );
    expect(xnys(days)).toMatchObject({ ...trains, step: day });
    expect(clean(days)).toMatchObject({ gaps: 1, missingBars: 4 });
  });

  it('keeps bars outside the sessions and says so', () => {
    const times = trade({ ...newYork, hours: [[540, 990]] }, 30 * minute, '2024-01-02', '2024-02-15');
    const report = xnys(times);
    expect(report).toMatchObject({ bars: times.length, gaps: 0 });
    expect(report.notes.join()).toMatch(/\d+ bars lie outside the sessions of XNYS and were kept/);
  });

  it.each([hour, 30 * minute, 2 * hour, 4 * hour])('holds for bars of %d ms from the opening', (step) => {
    const times = trade({ ...newYork, closed: newYork.closed }, step, '2023-11-01', '2024-03-20');
    expect(xnys(times)).toMatchObject(trains);
  });

  it('holds for hourly bars on the hour', () => {
    const times = trade({ ...newYork, hours: [[540, 960]] }, hour, '2023-11-27', '2024-03-20');
    expect(xnys(times)).toMatchObject(trains);
  });
});

import { describe, expect, it } from 'vitest';
import { alignBars } from '#core/bars/align.ts';
import { cleanBars } from '#core/bars/clean.ts';
import { resampleBars } from '#core/bars/resample.ts';
import type { DataConfig } from '#core/config/data.ts';
import { day, hour, minute, week } from '#core/time/timeframe.ts';
import { type Market, newYork, stampedIn, trade } from '../bars/make-market.ts';
import { bar, config, table } from '../bars/make-table.ts';

const cleaned = (times: readonly number[], data: Partial<DataConfig> = {}) =>
  cleanBars([table(times.map((at, k) => bar(at, 100 + (k % 11), 100 + (k % 7))))], config(data));
const clean = (times: readonly number[], data: Partial<DataConfig> = {}) => cleaned(times, data).report;
const trains = { gaps: 0, missingBars: 0, segments: 1, offGrid: 0, untraded: 0 } as const;
/** Numbers from 0 to below 1, the same each time. */
const random = (seed: number) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;

const hongKong: Market = {
  zone: 'Asia/Hong_Kong',
  hours: [
    [570, 720],
    [780, 960],
  ],
};
const tokyo: Market = {
  zone: 'Asia/Tokyo',
  hours: [
    [540, 690],
    [750, 900],
  ],
};
const shanghai: Market = {
  zone: 'Asia/Shanghai',
  hours: [
    [570, 690],
    [780, 900],
  ],
};
const india: Market = { zone: 'Asia/Kolkata', hours: [[555, 930]] };
const shortFirst: Market = {
  ...newYork,
  hours: [
    [570, 600],
    [600, 960],
  ],
};

describe('bars of sessions that restart the grid', () => {
  const markets: readonly (readonly [string, Market, number])[] = [
    ['hours about a lunch break in Hong Kong', hongKong, hour],
    ['hours about a lunch break in Tokyo', tokyo, hour],
    ['two hours about a lunch break in Tokyo', tokyo, 2 * hour],
    ['hours about a lunch break in Shanghai', shanghai, hour],
    ['hours on the hour, but for the first half hour', shortFirst, hour],
    ['two hours on the hour, but for the first half hour', shortFirst, 2 * hour],
    ['75 minutes', india, 75 * minute],
    ['125 minutes', india, 125 * minute],
    ['65 minutes', newYork, 65 * minute],
    ['78 minutes', newYork, 78 * minute],
    ['130 minutes', newYork, 130 * minute],
    ['195 minutes', newYork, 195 * minute],
    [
      '65 minutes of a day of 23 hours',
      { zone: 'America/Chicago', hours: [[0, 1380]], weekdays: [1, 2, 3, 4] },
      65 * minute,
    ],
  ];

  it.each(markets)('%s: all are kept and none is missing', (_, market, step) => {
    for (const [from, to] of [
      ['2023-08-01', '2024-06-01'],
      // The clock of New York is changed on 10 March.
      ['2024-03-04', '2024-03-15'],
      ['2024-03-04', '2024-04-10'],
      ['2015-01-05', '2016-03-01'],
    ] as const) {
      const times = trade(market, step, from, to);
      expect(clean(times), `${from} to ${to}`).toMatchObject({ ...trains, step, bars: times.length });
    }
  });

  it.each(markets)('%s: one bar that is missing in a session is one gap of one bar', (_, market, step) => {
    const times = trade(market, step, '2023-08-01', '2024-06-01');
    const first = times.findIndex((at) => at > Date.UTC(2024, 1, 7, 18));
    const out = clean(times.filter((_, k) => k !== first + 1));
    expect(out).toMatchObject({ gaps: 1, missingBars: 1, offGrid: 0 });
    expect(
      clean(
        times.filter((_, k) => k !== first + 1),
        { gaps: { policy: 'fill', max_fill: 5 } },
      ),
    ).toMatchObject({
      filledBars: 1,
      segments: 1,
      bars: times.length,
    });
  });

  it('are kept in local times without an offset, and in labels of the close', () => {
    const opens = trade(shanghai, hour, '2023-08-01', '2024-06-01');
    const closes = stampedIn(
      'Asia/Shanghai',
      opens.map((at) => at + hour),
    );
    expect(clean(closes, { bar_label: 'close' })).toMatchObject({ ...trains, bars: opens.length });
    const newYorkClock = stampedIn('America/New_York', trade(newYork, 65 * minute, '2023-08-01', '2024-06-01'));
    expect(clean(newYorkClock)).toMatchObject(trains);
    expect(clean(newYorkClock, { timezone: 'Europe/London' })).toMatchObject(trains);
  });

  it('are held to the sessions of the exchange', () => {
    for (const market of [newYork, shortFirst]) {
      const times = trade(market, market === newYork ? 65 * minute : hour, '2023-11-27', '2024-03-20');
      expect(clean(times, { exchange: 'XNYS' })).toMatchObject(trains);
    }
  });

  it('give higher bars that no row sees before they have closed', () => {
    const { bars } = cleaned(trade(shortFirst, hour, '2024-01-02', '2024-03-01'));
    for (const step of [2 * hour, 4 * hour]) {
      const higher = resampleBars(bars, step);
      expect(higher.time.length).toBeGreaterThan(40);
      alignBars(bars, higher).forEach((j, row) => {
        if (j >= 0) expect(higher.time[j] + step).toBeLessThanOrEqual(bars.time[row + 1] ?? Infinity);
      });
    }
  });
});

describe('rows off the grid', () => {
  const fiveMinutes = trade(newYork, 5 * minute, '2023-11-27', '2024-03-20');

  it.each([
    ['a few of the bars, by seconds', 0.02, 1_000, 299],
    ['a fifth of the bars, by seconds', 0.2, 1_000, 299],
    ['a few of the bars, by minutes', 0.02, minute, 4],
    ['a tenth of the bars, by minutes', 0.1, minute, 4],
  ])('%s, are left out and counted', (_, share, unit, most) => {
    const next = random(3);
    let moved = 0;
    const times = fiveMinutes.map((at) => {
      if (next() >= share) return at;
      moved++;
      return at + unit * (1 + Math.floor(next() * most));
    });
    const report = clean(times);
    expect(report).toMatchObject({ offGrid: moved, bars: times.length - moved });
    expect(report.notes.join()).toContain(`${moved} of ${times.length} rows lie off the grid of 5m bars`);
    const first = new Date(times.find((at) => at % (5 * minute) !== 0) ?? NaN).toISOString();
    expect(report.notes.join()).toContain(first.replace('T', ' ').replace(/(:00)?\.000Z$/, ''));
  });

  it('are no bars though they recur, where they stand alone or among bars a step apart', () => {
    const hours = trade(newYork, hour, '2023-11-27', '2024-03-20');
    const days = [...new Set(hours.map((at) => Math.floor(at / day) * day))];
    expect(clean([...hours, ...days])).toMatchObject({ offGrid: days.length, bars: hours.length });
    const among = days.map((at) => at + 16 * hour + 47 * minute);
    expect(clean([...hours, ...among])).toMatchObject({ offGrid: days.length, bars: hours.length });
  });

  it('are refused where they are most, be they ticks', () => {
    const next = random(5);
    const ticks = Array.from({ length: 3_000 }, () => Date.UTC(2024, 0, 1) + Math.floor(next() * 20 * hour));
    expect(() => clean([...new Set(ticks)])).toThrow(/Found no regular bars/);
  });

  it('are named in no note where they are one in a thousand', () => {
    const report = clean([...fiveMinutes, fiveMinutes[777] + 77_000]);
    expect(report.offGrid).toBe(1);
    expect(report.notes.join()).not.toMatch(/off the grid/);
  });
});

describe('weekly bars', () => {
  const fridays = Array.from({ length: 600 }, (_, k) => Date.UTC(2010, 0, 8) + k * week);
  const holidays = fridays.map((at, k) => (k % 40 === 11 ? at - day : at));

  it('are kept where a holiday moves the last day, and where the current week is not over', () => {
    expect(clean(holidays)).toMatchObject({ ...trains, step: week, bars: 600 });
    for (const days of [1, 2, 3, 4]) {
      const current = [...holidays, fridays[599] + week - days * day];
      expect(clean(current)).toMatchObject({ ...trains, bars: 601, last: current[600] });
    }
  });

  it('are kept where a holiday moves the first day', () => {
    const mondays = fridays.map((at, k) => at - 4 * day + (k % 30 === 7 ? day : 0));
    expect(clean(mondays)).toMatchObject({ ...trains, bars: 600 });
  });

  it('are kept at midnight of a clock that is changed', () => {
    const mondays = trade({ zone: 'Europe/London', hours: [[0, 1]], weekdays: [1] }, week, '2015-01-01', '2024-01-01');
    expect(clean(mondays)).toMatchObject({ ...trains, bars: mondays.length });
  });

  it('have a gap where a week is missing, and no times without a trade', () => {
    expect(clean(holidays.filter((_, k) => k !== 300))).toMatchObject({ gaps: 1, missingBars: 1, offGrid: 0 });
    expect(clean(holidays.filter((_, k) => k % 20 !== 7))).toMatchObject({ gaps: 30, untraded: 0 });
  });

  it('are one a week: further rows of it are left out', () => {
    expect(clean([...holidays, fridays[300] + 3 * day, fridays[300] + 4 * day])).toMatchObject({
      bars: 600,
      offGrid: 2,
    });
    const mondays = fridays.map((at) => at - 4 * day);
    expect(clean([...mondays, mondays[599] + 3 * day])).toMatchObject({ bars: 600, offGrid: 1 });
  });
});

describe('daily bars', () => {
  const closing = trade({ ...newYork, hours: [[960, 961]] }, day, '2023-01-01', '2024-06-01');
  const halfDays = closing.map((at, k) => (k % 70 === 44 ? at - 3 * hour : at));

  it('stamped with the close keep half days', () => {
    expect(clean(halfDays)).toMatchObject({ ...trains, step: day, bars: closing.length });
    expect(clean(stampedIn('America/New_York', halfDays))).toMatchObject({ ...trains, bars: closing.length });
    expect(clean(halfDays, { timezone: 'America/New_York', exchange: 'XNYS' }).offGrid).toBe(0);
  });

  it('leave out a second row of a day, and a last row that is still forming', () => {
    expect(clean([...halfDays, halfDays[100] + 2 * hour])).toMatchObject({ bars: closing.length, offGrid: 1 });
    const forming = halfDays[halfDays.length - 1] + 3 * day - 77 * minute;
    expect(clean([...halfDays, forming])).toMatchObject({ bars: closing.length, offGrid: 1 });
  });
});

describe('bars of which few traded', () => {
  it.each([0.02, 0.03, 0.06, 0.12, 0.3])('a share of %d of the minutes is a file of minutes that trains', (share) => {
    const next = random(11);
    const times = Array.from({ length: 60_000 }, (_, k) => Date.UTC(2024, 0, 1) + k * minute).filter(
      () => next() < share,
    );
    const report = clean(times);
    expect(report).toMatchObject({ step: minute, offGrid: 0, bars: times.length });
    expect(report.segments).toBeLessThan(4);
    expect(report.notes.join()).toMatch(/lists only bars with trades/);
  });

  it('keep their step though a row is off it, which is left out', () => {
    const next = random(11);
    const times = Array.from({ length: 60_000 }, (_, k) => Date.UTC(2024, 0, 1) + k * minute).filter(
      () => next() < 0.03,
    );
    expect(clean([...times, times[500] + 7_000])).toMatchObject({ step: minute, offGrid: 1, bars: times.length });
  });

  it('of one day in eight are daily', () => {
    const next = random(13);
    const days = trade({ ...newYork, zone: 'UTC', hours: [[0, 1]] }, day, '2016-01-01', '2024-01-01');
    const times = days.filter(() => next() < 0.12);
    expect(clean(times)).toMatchObject({ step: day, offGrid: 0, bars: times.length });
  });
});

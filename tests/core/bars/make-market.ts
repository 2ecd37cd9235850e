import { day, minute } from '#core/time/timeframe.ts';
import { openZone } from '#core/time/zone.ts';

/** Minutes of the local day, [from, to). */
type Hours = readonly (readonly [number, number])[];

export interface Market {
  readonly zone: string;
  readonly hours: Hours;
  /** Weekdays that trade, 0 = Sunday; default Monday to Friday. */
  readonly weekdays?: readonly number[];
  readonly closed?: readonly string[];
  /** Dates that close at so many minutes. */
  readonly early?: Readonly<Record<string, number>>;
}

/** Opening instants of a market's bars from one date to another, by the market's own clock. */
export function trade(market: Market, step: number, from: string, to: string): number[] {
  const { zone, hours, weekdays = [1, 2, 3, 4, 5], closed = [], early = {} } = market;
  const clock = openZone(zone);
  const times: number[] = [];
  for (let date = Date.parse(from); date < Date.parse(to); date += day) {
    const name = new Date(date).toISOString().slice(0, 10);
    if (!weekdays.includes(new Date(date).getUTCDay()) || closed.includes(name)) continue;
    for (const [open, close] of hours) {
      for (let at = open * minute; at < Math.min(close, early[name] ?? Infinity) * minute; at += step) {
        const local = date + at;
        times.push(local - clock.offsetAt(local - clock.offsetAt(local)));
      }
    }
  }
  return times;
}

/** Stamps as a program in another zone writes them without saying so: the local clock there as if it were UTC. */
export function stampedIn(zone: string, times: readonly number[]): number[] {
  const clock = openZone(zone);
  return times.map((at) => at + clock.offsetAt(at));
}

export const newYork: Market = {
  zone: 'America/New_York',
  hours: [[570, 960]],
  closed: ['2023-09-04', '2023-11-23', '2023-12-25', '2024-01-01', '2024-01-15', '2024-02-19', '2024-03-29'],
  early: { '2023-11-24': 780 },
};

import { day } from '#core/time/timeframe.ts';
import type { exchangeNames } from './exchange-names.ts';
import { alwaysOpen, type MarketCalendar } from './market-calendar.ts';
import { newYorkDate, nyseSession } from './nyse-sessions.ts';

type Exchange = (typeof exchangeNames)[number];

/** One session of an exchange, in ms, on a date of its own clock. */
type Session = (date: number) => readonly [open: number, close: number] | undefined;

const exchanges: Readonly<Record<Exchange, { session: Session; dateOf: (at: number) => number; words: string }>> = {
  XNYS: {
    session: nyseSession,
    dateOf: newYorkDate,
    words: 'XNYS: 09:30 to 16:00 in New York, its holidays and early closes',
  },
};

/** The calendar of an exchange for bars of `step` ms. Bars of more than a day, which no day explains, are always due. */
export function exchangeCalendar(name: Exchange, step: number): MarketCalendar {
  const { session, dateOf, words } = exchanges[name];
  if (step > day) return alwaysOpen(step, words);
  const calendar = step === day ? dailyCalendar(session, dateOf) : sessionCalendar(session, dateOf, step);
  return { words, exact: true, closes: true, ...calendar };
}

type Parts = Pick<MarketCalendar, 'openPart' | 'missingTimes'>;

/** Daily bars: stamped at midnight UTC they name the date, else an instant of it. */
function dailyCalendar(session: Session, dateOf: (at: number) => number): Parts {
  const missingTimes = (from: number, to: number): number[] => {
    const times: number[] = [];
    for (let at = from; at < to - day / 2; at += day) {
      if (session(at % day === 0 ? at : dateOf(at + day / 4))) times.push(at);
    }
    return times;
  };
  return {
    missingTimes,
    openPart: (from, to) => ({ missing: missingTimes(from, to).length, shape: 'within' }),
  };
}

function sessionCalendar(session: Session, dateOf: (at: number) => number, step: number): Parts {
  return {
    openPart(from, to) {
      let missing = 0;
      for (let date = dateOf(from); date <= dateOf(to); date += day) {
        const hours = session(date);
        if (!hours) continue;
        const open = Math.min(hours[1], to) - Math.max(hours[0], from);
        // A millisecond of slack: the last bar of a session may be a short one, but never one of nothing.
        if (open > 1) missing += Math.ceil((open - 1) / step);
      }
      return { missing, shape: 'within' };
    },
    missingTimes(from, to) {
      const times: number[] = [];
      for (let at = from; at < to - step / 2; at += step) {
        // Bars of at most a day overlap the session of one of two dates.
        const due = [dateOf(at), dateOf(Math.min(at + step, to) - 1)].some((date) => {
          const hours = session(date);
          return hours !== undefined && hours[0] < Math.min(at + step, to) && hours[1] > at;
        });
        if (due) times.push(at);
      }
      return times;
    },
  };
}

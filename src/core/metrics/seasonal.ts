import type { Dataset } from '#core/dataset/dataset.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { day, week } from '#core/time/timeframe.ts';

/** How many seasons back a bar is looked for: over a weekend with days before and after, or four weeks. */
const mostBack = { day: 7, week: 4 };

/**
 * The log return of `horizon` bars that followed the same bar a season before a row. The season is a day where bars are
 * shorter than one, else a week; it is the nearest season whose bar is there and whose return had ended by the row's
 * close, at most seven days or four weeks back. 0 where there is none, and for bars of a week or longer.
 */
export function seasonalReturn({
  time,
  close,
  horizon,
  report,
}: Pick<Dataset, 'time' | 'close' | 'horizon' | 'report'>): (row: number) => number {
  const step = report.baseStep;
  if (step >= week) return () => 0;
  const [season, most] = step < day ? [day, mostBack.day] : [week, mostBack.week];
  // A label longer than a season is looked for as many seasons further back.
  const first = Math.ceil((horizon * step) / season);
  return (row) => {
    for (let k = first; k < first + most; k++) {
      const opening = time[row] - k * season;
      const at = lowerBound(time, opening);
      if (time[at] === opening && at + horizon <= row) return Math.log(close[at + horizon] / close[at]);
    }
    return 0;
  };
}

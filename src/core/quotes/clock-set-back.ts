import { modulo } from '#core/time/distance.ts';
import { inferStep } from '#core/time/grid.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { day, hour } from '#core/time/timeframe.ts';

/** A clock is set back once a year, in some places twice; a file that goes back more often is merely out of order. */
const mostAYear = 2;
const year = 366 * 24 * hour;

/**
 * What to say of local times that show one hour twice though their zone never sets its clock back: that they are those
 * of another. Null where nothing does. `ms` are clocks in the order of the file, NaN where a row has none.
 */
export function setBackNote(ms: Float64Array, zone: string): string | null {
  const times = ms.filter((at) => !Number.isNaN(at));
  if (times.length < 4) return null;
  if (times[0] > times[times.length - 1]) times.reverse();
  const years = Math.max(1, (times[times.length - 1] - times[0]) / year);
  const back: number[] = [];
  for (let k = 1; k < times.length; k++) {
    if (times[k] <= times[k - 1] && back.push(k) > mostAYear * years) return null;
  }
  if (back.length === 0) return null;
  const step = inferStep(times.toSorted().filter((at, k, sorted) => k === 0 || at > sorted[k - 1]));
  if (back.some((k) => times[k] - times[k - 1] !== step - hour)) return null;
  // Clocks are set back in the first hours of a Sunday; at other times a row is merely written twice.
  if (back.some((k) => new Date(times[k]).getUTCDay() !== 0 || modulo(times[k], day) > 3 * hour)) return null;
  return (
    `the hour from ${timeLabel(times[back[0]])} comes twice, as on a clock that is set back, but ${zone} has none: ` +
    'data.timezone is perhaps that of a place, such as America/New_York'
  );
}

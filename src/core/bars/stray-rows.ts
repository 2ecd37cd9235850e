import { day } from '#core/time/timeframe.ts';

/** A group of so few rows may be a mistake. */
const most = 3;
/** Rows that a file must have beside them, so that it is they that are far away. */
const leastOthers = 20;
const year = 366 * day;

/**
 * Rows of bars below a day that stand alone: up to three together with more than a year to every other row, in a file
 * of otherwise more than twenty. Such a time was misread or mistyped. As indices; `time` ascends strictly.
 */
export function strayRows(time: Float64Array, step: number): readonly number[] {
  if (step >= day) return [];
  const strays: number[] = [];
  let from = 0;
  for (let i = 1; i <= time.length; i++) {
    if (i < time.length && time[i] - time[i - 1] <= year) continue;
    if (i - from <= most) for (let row = from; row < i; row++) strays.push(row);
    from = i;
  }
  return time.length - strays.length > leastOthers ? strays : [];
}

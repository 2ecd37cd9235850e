import type { Reading } from './chart-frame.ts';

/**
 * Characters of a number of four digits with its sign and exponent, of an interval beside it, of a place behind it, and of
 * the place of the reading itself.
 */
const widths = { number: 8, interval: 20, elsewhere: 13, around: 4, place: 44 } as const;

/**
 * Lines of text that a readout may take where so many characters fit beside each other: one for the place, and those of
 * the values at their longest, so that it is the same whatever is pointed at.
 */
export function readoutLines(values: Reading['values'], characters: number): number {
  let lines = 1;
  // One value stands beside the place where it can, several stand under it.
  let used = values.length > 1 ? 0 : widths.place;
  for (const { label, hasInterval, mayRoam } of values) {
    const own =
      label.length +
      widths.number +
      widths.around +
      (hasInterval ? widths.interval : 0) +
      (mayRoam ? widths.elsewhere : 0);
    if (used > 0 && used + own > characters) {
      lines++;
      used = 0;
    }
    used += own;
  }
  return values.length > 1 ? lines + 1 : lines;
}

import { expect, it } from 'vitest';
import { nextDisagreement, shadesIn, stepOf, windowAround } from '#lib/compare/forecast-window.ts';

const hour = 3_600_000;
const times = Array.from({ length: 1000 }, (_, i) => i * hour);
const span = [0, 999 * hour] as const;

it('a window has the rows asked for, and stays within the rows there are', () => {
  expect(windowAround(times, span, 500 * hour, 100)).toEqual([450 * hour, 550 * hour]);
  expect(windowAround(times, span, 0, 100)).toEqual([0, 100 * hour]);
  expect(windowAround(times, span, 999 * hour, 100)).toEqual([899 * hour, 999 * hour]);
  expect(windowAround(times, span, 500 * hour, 5000)).toEqual([0, 999 * hour]);
});

it('disagreements are walked through one by one, to the last and back', () => {
  const all = { from: [10, 200, 300], to: [12, 200, 340] };
  expect(nextDisagreement(all, 11, 1)).toBe(200);
  expect(nextDisagreement(all, 200, 1)).toBe(320);
  expect(nextDisagreement(all, 320, 1)).toBeNull();
  expect(nextDisagreement(all, 320, -1)).toBe(200);
  expect(nextDisagreement(all, 200, -1)).toBe(11);
  expect(nextDisagreement(all, 11, -1)).toBeNull();
  expect(nextDisagreement({ from: [], to: [] }, 0, -1)).toBeNull();
});

it('a shade is as wide as its rows, and only those in sight are drawn', () => {
  const all = { from: [10 * hour, 900 * hour], to: [12 * hour, 900 * hour] };
  expect(shadesIn(all, [0, 100 * hour], hour)).toEqual([[9.5 * hour, 12.5 * hour]]);
  expect(stepOf(times)).toBe(hour);
  expect(stepOf([5])).toBe(0);
});

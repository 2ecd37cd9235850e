import { expect, test } from 'vitest';
import { BackOff } from '#trainer/starter/back-off.ts';

test('waits double with each end within half a minute, to eight seconds, and begin anew after it', () => {
  const backOff = new BackOff();
  const killed = (at: number) => backOff.next({ at, lived: 1000, isFault: false });
  expect([0, 1000, 2000, 3000, 4000, 5000, 6000].map(killed)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
  expect(killed(40_000)).toBe(250);
});

test('the sixth fault in a row ends the tries', () => {
  const backOff = new BackOff();
  const fault = (at: number) => backOff.next({ at, lived: 100, isFault: true });
  expect([0, 1, 2, 3, 4].map((n) => fault(n * 60_000))).not.toContain(null);
  expect(fault(400_000)).toBeNull();
});

test('a kill of a program at work, or a minute of life, ends a row of faults', () => {
  const backOff = new BackOff();
  const fault = (lived = 100) => backOff.next({ at: 0, lived, isFault: true });
  const faults = (count: number) => Array.from({ length: count }, () => fault());
  expect(faults(5)).not.toContain(null);
  expect(backOff.next({ at: 0, lived: 100, isFault: false })).not.toBeNull();
  expect(faults(5)).not.toContain(null);
  // It had worked, so it is the first of a new row.
  expect(fault(61_000)).not.toBeNull();
  expect(faults(4)).not.toContain(null);
  expect(fault()).toBeNull();
});

import { expect, test } from 'vitest';
import type { ScoredRun } from '#core/api/shared-scores.ts';
import { orderScored } from '#lib/runs/order-scored.ts';

const run = (number: number, value: number | null) =>
  ({
    number,
    edge: value === null ? null : { value, low: value, high: value, baseline: 'ridge' },
  }) as unknown as ScoredRun;
const runs = [run(1, -0.03), run(2, null), run(3, 0.002), run(4, -0.01)];

test('runs that only their edge compares stand by it, those without one last', () => {
  const numbersOf = (comparable: boolean) => orderScored({ runs, comparable }).map(({ number }) => number);
  expect(numbersOf(false)).toEqual([3, 4, 1, 2]);
  expect(numbersOf(true)).toEqual([1, 2, 3, 4]);
});

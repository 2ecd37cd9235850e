import { expect, it } from 'vitest';
import type { EventNumber } from '#core/run/event.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { orderRuns } from '#lib/runs/run-order.ts';
import { runSummary } from '#tests/support/run-summary.ts';

function run(number: number, values: Readonly<Record<string, EventNumber>>): RunSummary {
  const createdAt = new Date(number * 1000).toISOString();
  return runSummary({ id: String(number), number, createdAt, metrics: { latest: {}, best: values } });
}

it('orders by a value either way, with those that have none last', () => {
  const runs = [run(1, { 'val.loss': 0.9 }), run(2, {}), run(3, { 'val.loss': 0.5 }), run(4, { 'val.loss': 'NaN' })];
  const numbers = (down: boolean) => orderRuns(runs, { key: 'val.loss', down }, 0).map(({ number }) => number);
  expect(numbers(false)).toEqual([3, 1, 4, 2]);
  expect(numbers(true)).toEqual([1, 3, 4, 2]);
  expect(orderRuns(runs, { key: 'number', down: true }, 0).map(({ number }) => number)).toEqual([4, 3, 2, 1]);
});

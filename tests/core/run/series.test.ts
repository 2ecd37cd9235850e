import { expect, it } from 'vitest';
import { appendMetric, emptySeries, metricColumn, metricNames } from '#core/run/series.ts';

it('keeps every point in order and grows', () => {
  const series = emptySeries();
  for (let step = 1; step <= 1000; step++)
    appendMetric(series, { step, epoch: step / 100, attempt: 1, values: { lr: 1 / step } });
  const { step, value } = metricColumn(series, 'lr');
  expect(step.length).toBe(1000);
  expect([step[0], step[999], value[999]]).toEqual([1, 1000, 1e-3]);
  expect(metricNames(series)).toEqual(['lr']);
});

it('takes the highest attempt a step and keeps the steps that only an older attempt reported', () => {
  const series = emptySeries();
  const add = (attempt: number, step: number, loss: number) =>
    appendMetric(series, { step, epoch: step / 10, attempt, values: { loss } });
  for (const step of [1, 4, 7, 10]) add(1, step, step);
  for (const step of [5, 7, 12]) add(2, step, 10 * step);
  add(1, 7, -1);
  add(2, 12, 121);
  const { step, epoch, value } = metricColumn(series, 'loss');
  expect([...step]).toEqual([1, 4, 5, 7, 10, 12]);
  expect([...epoch]).toEqual([0.1, 0.4, 0.5, 0.7, 1, 1.2]);
  expect([...value]).toEqual([1, 4, 50, 70, 10, 121]);
});

it('shows a non-finite value as such', () => {
  const series = emptySeries();
  appendMetric(series, { step: 1, epoch: 0, attempt: 1, values: { loss: 'NaN' } });
  expect([...metricColumn(series, 'loss').value]).toEqual([NaN]);
});

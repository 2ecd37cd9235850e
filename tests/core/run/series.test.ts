import { expect, it } from 'vitest';
import { appendMetric, emptySeries, metricColumn, metricNames } from '#core/run/series.ts';

const atSecond = (second: number) => new Date(1000 * second).toISOString();

it('keeps every point in order and grows', () => {
  const series = emptySeries();
  for (let step = 1; step <= 1000; step++)
    appendMetric(series, { step, epoch: step / 100, attempt: 1, at: atSecond(step), values: { lr: 1 / step } });
  const { step, value, time } = metricColumn(series, 'lr');
  expect(step.length).toBe(1000);
  expect([step[0], step[999], value[999], time[999]]).toEqual([1, 1000, 1e-3, 1e6]);
  expect(metricNames(series)).toEqual(['lr']);
});

it('takes the highest attempt a step and keeps the steps that only an older attempt reported', () => {
  const series = emptySeries();
  const add = (attempt: number, step: number, loss: number) =>
    appendMetric(series, { step, epoch: step / 10, attempt, at: atSecond(100 * attempt + step), values: { loss } });
  for (const step of [1, 4, 7, 10]) add(1, step, step);
  for (const step of [5, 7, 12]) add(2, step, 10 * step);
  add(1, 7, -1);
  add(2, 12, 121);
  const { step, epoch, value, time } = metricColumn(series, 'loss');
  expect([...step]).toEqual([1, 4, 5, 7, 10, 12]);
  expect([...epoch]).toEqual([0.1, 0.4, 0.5, 0.7, 1, 1.2]);
  expect([...value]).toEqual([1, 4, 50, 70, 10, 121]);
  expect([...time].map((ms) => ms / 1000)).toEqual([101, 104, 205, 207, 110, 212]);
});

it('gives the same view until a metric has changed, and a new one then', () => {
  const series = emptySeries();
  const add = (step: number, values: Record<string, number>) =>
    appendMetric(series, { step, epoch: step, attempt: 1, at: atSecond(step), values });
  add(1, { loss: 1, lr: 1 });
  const [loss, lr] = [metricColumn(series, 'loss'), metricColumn(series, 'lr')];
  add(2, { loss: 2 });
  expect(metricColumn(series, 'lr')).toBe(lr);
  expect([...metricColumn(series, 'loss').value]).toEqual([1, 2]);
  // A value that takes the place of another is a change as well.
  const before = metricColumn(series, 'loss');
  add(2, { loss: 3 });
  expect(metricColumn(series, 'loss')).not.toBe(before);
  expect([...loss.step]).toEqual([1]);
});

it('shows a non-finite value as such', () => {
  const series = emptySeries();
  appendMetric(series, { step: 1, epoch: 0, attempt: 1, at: atSecond(0), values: { loss: 'NaN' } });
  expect([...metricColumn(series, 'loss').value]).toEqual([NaN]);
});

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

it('lets a newer attempt replace what an older one stored from its step on', () => {
  const series = emptySeries();
  for (const step of [1, 2, 3, 4]) appendMetric(series, { step, epoch: 0, attempt: 1, values: { loss: step } });
  appendMetric(series, { step: 3, epoch: 0, attempt: 2, values: { loss: 30 } });
  expect([...metricColumn(series, 'loss').step]).toEqual([1, 2, 3]);
  expect([...metricColumn(series, 'loss').value]).toEqual([1, 2, 30]);
});

it('shows a non-finite value as such', () => {
  const series = emptySeries();
  appendMetric(series, { step: 1, epoch: 0, attempt: 1, values: { loss: 'NaN' } });
  expect([...metricColumn(series, 'loss').value]).toEqual([NaN]);
});

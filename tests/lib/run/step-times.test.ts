import { expect, it } from 'vitest';
import { appendMetric, emptySeries, metricColumn, metricNames } from '#core/run/series.ts';
import { curvesOf } from '#lib/run/curves.ts';
import { type CurveAxis, runAxis } from '#lib/run/run-axis.ts';
import { stepTimesOf } from '#lib/run/step-times.ts';

function series(...values: readonly Readonly<Record<string, number>>[]) {
  const all = emptySeries();
  values.forEach((one, i) =>
    appendMetric(all, { step: 10 * (i + 1), epoch: (i + 1) / 2, attempt: 1, at: '2026-11-30', values: one }),
  );
  return all;
}

const axis = (of: CurveAxis) => runAxis(of, { epochs: 1, steps: 20, batch: 1, startedAt: 0, endsAt: 1 });
const times = { 'time.data': 2, 'time.forward': 5, 'time.backward': 8, 'time.update': 3, 'time.logging': 1 };
const of = (all: ReturnType<typeof series>) => stepTimesOf((name) => metricColumn(all, name), axis('step'));

it('stacks the parts of a step and what none of them explains', () => {
  const { parts, wait, latest } = of(series({ 'time.step': 20, ...times }, { 'time.step': 40, ...times }));
  expect(parts.map(({ label, x, y }) => [label, [...Array.from(x)], [...Array.from(y)]])).toEqual([
    ['data', [10, 20], [2, 2]],
    ['forward', [10, 20], [5, 5]],
    ['backward', [10, 20], [8, 8]],
    ['update', [10, 20], [3, 3]],
    ['logging', [10, 20], [1, 1]],
    ['other', [10, 20], [1, 21]],
  ]);
  expect(Array.from(wait?.y ?? [])).toEqual([10, 5]);
  expect(latest).toEqual({ step: 40, wait: 5 });
});

it('stands at the epochs where the curves do', () => {
  const all = series({ 'time.step': 20, ...times });
  expect(Array.from(stepTimesOf((name) => metricColumn(all, name), axis('epoch')).parts[0].x)).toEqual([0.5]);
});

it('draws what is told: the whole alone, or nothing', () => {
  const whole = of(series({ 'time.step': 20 }));
  expect(whole.parts.map(({ label }) => label)).toEqual(['step']);
  expect([whole.wait, whole.latest]).toEqual([null, { step: 20, wait: null }]);
  expect(of(series({ 'train.loss': 1 }))).toEqual({ parts: [], wait: null, latest: null });
});

it('keeps a part that came later at its own steps', () => {
  const { parts } = of(series({ 'time.step': 20 }, { 'time.step': 20, 'time.data': 4 }));
  expect(Array.from(parts[0].y)).toEqual([NaN, 4]);
  expect(Array.from(parts[1].y)).toEqual([20, 16]);
});

it('adds no chart to the curves of the training', () => {
  const all = series({ 'train.loss': 1, 'time.step': 20, ...times });
  const titles = curvesOf({
    names: metricNames(all),
    columnOf: (name) => metricColumn(all, name),
    axis: axis('epoch'),
  }).map(({ title }) => title);
  expect(titles).toEqual(['loss']);
});

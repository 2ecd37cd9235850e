import { expect, it } from 'vitest';
import { niceTicks } from '#core/chart/ticks.ts';
import { tickLabel } from '#lib/chart/tick-label.ts';

const labels = (low: number, high: number) => {
  const ticks = niceTicks(low, high, 4);
  return ticks.values.map((value) => tickLabel(value, ticks));
};

it('writes as many digits as tell the ticks of an axis apart, four at most', () => {
  expect(labels(0.682, 0.699)).toEqual(['0.680', '0.685', '0.690', '0.695', '0.700']);
  expect(labels(0.01441, 0.01448)).toEqual(['0.01440', '0.01442', '0.01444', '0.01446', '0.01448']);
  expect(labels(0, 0.001)).toEqual(['0', '0.0005', '0.0010']);
  expect(labels(0, 3e-5)).toEqual(['0', '1e−5', '2e−5', '3e−5']);
  expect(labels(-2, 2)).toEqual(['−2', '−1', '0', '1', '2']);
  expect(labels(1200, 1900)).toEqual(['1,200', '1,400', '1,600', '1,800', '2,000']);
  expect(labels(0, 2_000_000)).toEqual(['0', '500k', '1000k', '1500k', '2000k']);
});

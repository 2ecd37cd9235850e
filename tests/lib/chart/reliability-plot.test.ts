import { expect, test } from 'vitest';
import { reliabilityPlot } from '#lib/chart/reliability-plot.ts';

test('the vertical axis holds every interval, the horizontal one the forecasts', () => {
  const bins = [
    { forecast: 0.46, observed: 0.44, low: 0.2, high: 0.7, n: 20 },
    { forecast: 0.52, observed: 0.53, low: 0.5, high: 0.56, n: 900 },
  ];
  const { x, y } = reliabilityPlot({ ece: 0.01, bins });
  const domainOf = (scale: unknown) => (scale as { domain: readonly number[] }).domain;
  const [low, high] = domainOf(x);
  expect([low > 0.38, high < 0.58]).toEqual([true, true]);
  expect(domainOf(y)).toEqual([0.2, 0.7]);
});

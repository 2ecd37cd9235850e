import { expect, it } from 'vitest';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import type { RunView } from '#core/run/reduce.ts';
import { verdictRows } from '#lib/run/verdict-rows.ts';
import { runSummary } from '#tests/support/run-summary.ts';

const result: RunView['results'][string] = {
  metrics: { da: 0.532, da_low: 0.496, da_high: 0.568, n: 7000, n_eff: 700 },
  baselines: {
    majority: { da: 0.505 },
    coin: { da: 0.5 },
    ridge: { da: 0.512 },
    contrarian: { da: 0.52 },
    persistence: { da: 0.48 },
    seasonal: { da: 0.515 },
    zero: { rmse: 0.01 },
  },
  checks: [],
};

it('puts the run, its parent and naive forecasts on one axis, beside what is to be beaten', () => {
  const best = { 'val.da': 0.517, 'val.da_low': 0.48, 'val.da_high': 0.55 };
  const parent = runSummary({ number: 9, metrics: { latest: {}, best } });
  expect(verdictRows(result, 'R13', parent, 8)).toEqual({
    rows: [
      { label: 'R13, this run', value: 0.532, low: 0.496, high: 0.568, isMain: true },
      { label: 'R9, its parent', value: 0.517, low: 0.48, high: 0.55, isMain: false },
      { label: 'contrarian', value: 0.52, low: null, high: null, isMain: false },
      { label: 'seasonal', value: 0.515, low: null, high: null, isMain: false },
      { label: 'ridge', value: 0.512, low: null, high: null, isMain: false },
    ],
    bars: [
      { label: 'always one side', value: 0.505, style: 'dashed' },
      { label: 'best of 8 by luck', value: bestByLuck(8, 700, 0.505), style: 'dotted' },
    ],
  });
});

it('holds a run on rows that went the other way against a coin, and one alone against no luck', () => {
  const other = { ...result, baselines: { majority: { da: 0.47 } } };
  expect(verdictRows(other, 'R1', null, 1)?.bars).toEqual([{ label: 'a coin', value: 0.5, style: 'dashed' }]);
});

it('draws nothing where no forecast has a side', () => {
  expect(verdictRows({ ...result, metrics: { da: 'NaN', rmse: 0.01 } }, 'R1', null, 1)).toBeNull();
  expect(verdictRows({ ...result, metrics: {} }, 'R1', null, 1)).toBeNull();
});

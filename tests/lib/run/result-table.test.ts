import { expect, test } from 'vitest';
import { toResultsTable } from '#lib/run/result-table.ts';

test('the CSV of the results has a line a split and metric at full precision, a column a naive forecast of either', () => {
  const validation = {
    metrics: { da: 0.5212345678, da_low: 0.5, da_high: 0.54 },
    baselines: { majority: { da: 0.51 } },
    checks: [],
  };
  const open = { metrics: { rmse: 1e-9, da: 'NaN' as const }, baselines: { zero: { rmse: 2e-9 } }, checks: [] };
  expect(toResultsTable({ validation, test: open })).toEqual({
    columns: ['split', 'metric', 'value', 'low', 'high', 'majority', 'zero'],
    rows: [
      ['validation', 'da', 0.5212345678, 0.5, 0.54, 0.51, ''],
      ['test', 'rmse', 1e-9, '', '', '', 2e-9],
      ['test', 'da', NaN, '', '', '', ''],
    ],
  });
});

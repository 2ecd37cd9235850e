import { expect, test } from 'vitest';
import { emptyRunView } from '#core/run/reduce.ts';
import { endLines } from '#trainer/cli/result-lines.ts';

const checks = [
  { code: 'leak', name: 'no sign of a leak', ok: true, level: 'ok' as const, message: 'DA 0.532.' },
  { code: 'direction', name: 'not shown better than always up', ok: false, level: 'none' as const, message: 'p 0.2.' },
  { code: 'spread', name: 'forecasts vary 120 %', ok: false, level: 'warn' as const, message: '1.2.' },
];
const validation = {
  metrics: { n: 6803, rmse: 0.0123456, da: 0.532, da_low: 0.496, da_high: 0.568, sd_ratio: 1.2, 'ret.rmse': 0.0123456 },
  baselines: { zero: { rmse: 0.0125 }, majority: { da: 0.505 }, coin: { da: 0.5 } },
  checks,
};
const view = { ...emptyRunView(), status: 'completed' as const, isTestSealed: true, results: { validation } };

test('the end of a run says in a sentence what came out, then the scores by name and unit, then each check by its level', () => {
  expect(endLines(view, 13)).toEqual([
    'validation DA 0.532 (0.496 to 0.568) against 0.505: not shown better',
    'result of the best checkpoint on validation',
    '  VALIDATION  MODEL     95 %                UNIT        BEST NAIVE FORECAST',
    '  DA          0.53200   0.49600 to 0.56800  share       0.50500 always one side',
    '  RMSE        0.012346                      log return  0.012500 no return',
    '  rows        6803                          rows',
    '  spread      1.2000                        share',
    'checks',
    '  ok    no sign of a leak: DA 0.532.',
    '  –     not shown better than always up: p 0.2.',
    '  look  forecasts vary 120 %: 1.2.',
    'test sealed: almanac open-test R13',
  ]);
});

test('a check of an older version is well or to be looked at, and such a run gets no verdict', () => {
  const old = [
    { name: 'leak', ok: true, message: 'none' },
    { name: 'majority', ok: false, message: 'below' },
  ];
  const lines = endLines({ ...view, isTestSealed: false, results: { test: { ...validation, checks: old } } }, 1);
  expect(lines[0]).toBe('result of the best checkpoint on test');
  expect(lines.slice(-2)).toEqual(['  ok    leak: none', '  look  majority: below']);
});

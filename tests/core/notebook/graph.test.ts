import { expect, test } from 'vitest';
import { defaultConfig, requireConfig } from '#core/config/compile.ts';
import { groups } from '#core/config/config.ts';
import { cellStaleness, dependents } from '#core/notebook/graph.ts';

const config = (...overrides: string[]) =>
  requireConfig({ config: { features: { timeframes: { '1h': { rsi: {} } } } }, overrides }).config;
const states = (current: ReturnType<typeof config>, ran: ReturnType<typeof config> | null) =>
  Object.fromEntries(Object.entries(cellStaleness(current, ran)).map(([group, { state }]) => [group, state]));

test('nothing has run: every cell says so', () => {
  expect(Object.values(states(defaultConfig(), null))).toEqual(Array(6).fill('never'));
});

test('the configuration that ran is fresh everywhere', () => {
  expect(Object.values(states(config(), config()))).toEqual(Array(6).fill('fresh'));
});

test('a changed cell is stale with its key in words, and so is what needs it, and nothing else', () => {
  const staleness = cellStaleness(config('features.timeframes.1h.rsi.period=21'), config());
  expect(staleness).toEqual({
    data: { state: 'fresh', reason: '' },
    features: { state: 'stale', reason: 'features.timeframes.1h.rsi.period 14 → 21' },
    targets: { state: 'fresh', reason: '' },
    model: { state: 'stale', reason: 'needs features: features.timeframes.1h.rsi.period 14 → 21' },
    loss: { state: 'fresh', reason: '' },
    train: { state: 'stale', reason: 'needs features: features.timeframes.1h.rsi.period 14 → 21' },
  });
});

test('blocks that came or went are named whole', () => {
  expect(cellStaleness(config('+features.timeframes.1h.atr={}'), config()).features.reason).toBe(
    'features.timeframes.1h.atr added',
  );
  expect(cellStaleness(config('train.early_stopping=null'), config()).train.reason).toBe(
    'train.early_stopping removed',
  );
});

test('everything needs the data, only itself needs train', () => {
  expect(dependents('data')).toEqual(groups.filter((group) => group !== 'data'));
  expect(dependents('train')).toEqual([]);
  expect(dependents('targets')).toEqual(['model', 'loss', 'train']);
});

import { expect, test } from 'vitest';
import { defaultConfig, requireConfig } from '#core/config/compile.ts';
import { groups } from '#core/config/config.ts';
import { namesOf } from '#core/names.ts';
import { cellObstacle, cellStaleness, dependents, outputNeeds, outputObstacle } from '#core/notebook/graph.ts';

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

test('an output is in the way of no cell but those it is worked out from', () => {
  const expected = {
    bars: ['data'],
    columns: ['data', 'features'],
    labels: ['data', 'targets'],
    samples: ['data', 'features', 'targets', 'model'],
    parameters: ['features', 'targets', 'model'],
    context: ['model'],
    reach: ['data', 'features', 'model'],
    memory: ['data', 'features', 'targets', 'model', 'train'],
  };
  for (const output of namesOf(outputNeeds)) {
    const inTheWay = groups.filter((group) => outputObstacle(output, [group]) === group);
    expect([output, inTheWay]).toEqual([output, expected[output]]);
    expect(outputObstacle(output, [])).toBeNull();
  }
  expect(outputObstacle('samples', ['train', 'model', 'features'])).toBe('features');
});

test('a cell waits for every cell that it needs, the first of the page, and not for itself', () => {
  for (const group of groups) {
    for (const other of groups) {
      const needs = dependents(other).includes(group);
      expect([group, other, cellObstacle(group, [other])]).toEqual([group, other, needs ? other : null]);
    }
  }
  expect(cellObstacle('train', ['loss', 'data'])).toBe('data');
});

import { expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { requireConfig } from '#core/config/compile.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { findBoundaries } from '#core/bars/boundaries.ts';
import { countRows, type RowCount } from '#core/dataset/lost-rows.ts';
import { findRemedies } from '#core/dataset/remedies.ts';

const whole = sampleMarket({ seed: 1, bars: 6000 });
const { config } = requireConfig({
  config: { features: { timeframes: { '1h': { rsi: {} }, '4h': { rsi: {} } } }, model: { lookback: 32 } },
});

/** The same bars in stretches of so many. */
function broken(bars: Bars, length: number): Bars {
  return { ...bars, segment: bars.segment.map((_, i) => Math.floor(i / length)) };
}

function count(bars: Bars, of = config): RowCount {
  const { report } = assembleDataset(bars, of);
  const segments = (bars.segment.at(-1) ?? 0) + 1;
  return countRows(report, { segments, lookback: of.model.lookback, horizon: of.targets.horizon });
}

const sum = (rows: RowCount) => Object.values(rows).reduce((total, one) => total + one, 0);

test('every row is counted once', () => {
  for (const bars of [whole, broken(whole, 1500)]) expect(sum(count(bars))).toBe(6000);
});

test('bars without a gap lose nothing to gaps', () => {
  const rows = count(whole);
  expect(rows.gaps).toBe(0);
  expect(rows.window).toBe(31);
  expect(rows.unlabelled).toBe(config.targets.horizon);
});

test('what stretches lose beyond one of them is lost to gaps', () => {
  const [one, four] = [count(whole), count(broken(whole, 1500))];
  expect(four.warmup).toBe(one.warmup);
  expect(four.window).toBe(one.window);
  expect(four.gaps).toBe(one.kept + one.purge - four.kept - four.purge);
  expect(four.gaps).toBeGreaterThan(3 * (one.warmup + one.window));
});

test('a remedy keeps as many rows as it says, and is said only where it does', () => {
  const bars = broken(whole, 1500);
  const boundaries = findBoundaries(bars, config.data);
  const remedies = findRemedies(bars, config, boundaries);
  expect(remedies.map(({ words }) => words)).toEqual([
    'data.gaps.policy: ignore',
    'without the 4h timeframe',
    'model.lookback: 32 → 16',
  ]);
  const before = count(bars).kept;
  const changed = {
    'data.gaps.policy: ignore': count(whole),
    'without the 4h timeframe': count(bars, withoutThe4h()),
    'model.lookback: 32 → 16': count(bars, { ...config, model: { ...config.model, lookback: 16 } }),
  };
  for (const { words, gain } of remedies) {
    expect([words, gain]).toEqual([words, changed[words as keyof typeof changed].kept - before]);
  }
  expect(findRemedies(whole, config, boundaries).map(({ words }) => words)).not.toContain('data.gaps.policy: ignore');
});

test('a remedy makes a run of what would be none', () => {
  const bars = sampleMarket({ seed: 1, bars: 1500 });
  const long = requireConfig({ config: { model: { lookback: 900 } } }).config;
  const boundaries = findBoundaries(bars, long.data);
  expect(() => assembleDataset(bars, long)).toThrow(/small|No sample/);
  const [first] = findRemedies(bars, long, boundaries);
  expect(first).toMatchObject({ path: ['model', 'lookback'], value: 450 });
  expect(first.gain).toBeGreaterThan(100);
});

function withoutThe4h() {
  return { ...config, features: { ...config.features, timeframes: { '1h': { rsi: { period: 14 } } } } };
}

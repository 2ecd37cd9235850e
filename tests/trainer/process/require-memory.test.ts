import { expect, it } from 'vitest';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { requireConfig } from '#core/config/compile.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { blamedCell } from '#lib/cells/cell-state.ts';
import { requireMemory } from '#trainer/process/require-memory.ts';

const overrides = ['features.timeframes={1h: {log_return: {}, rsi: {}}}', 'model.lookback=32'];
const { config } = requireConfig({ overrides });
const dataset = assembleDataset(sampleMarket({ seed: 1, bars: 3000, step: 3_600_000 }), config);
const engine = (memoryLimit: number | null) => ({ name: 'wasm' as const, memoryLimit });

it('answers the estimate where it fits, or where the engine tells no limit', () => {
  const bytes = requireMemory(config, dataset, engine(null));
  expect(bytes).toBeGreaterThan(1e6);
  expect(requireMemory(config, dataset, engine(bytes))).toBe(bytes);
});

it('refuses what does not fit, and what it names fits', () => {
  const bytes = requireMemory(config, dataset, engine(null));
  const limit = bytes - 1;
  let message = '';
  try {
    requireMemory(config, dataset, engine(limit));
  } catch (error) {
    expect(error).toMatchObject({ code: 'out_of_memory' });
    message = error instanceof Error ? error.message : '';
  }
  expect(message).toMatch(
    /^train\.batch_size 256 with model\.variant base \(mlp, model\.lookback 32, \d+ features\) is /,
  );
  expect(blamedCell(message)).toBe('train');
  const named = /What would fit: ([^(]+) \(/.exec(message)?.[1]?.split(', ') ?? [];
  expect(named).toEqual(['train.batch_size=128']);
  const smaller = requireConfig({ overrides: [...overrides, ...named] }).config;
  expect(requireMemory(smaller, dataset, engine(limit))).toBeLessThanOrEqual(limit);
});

it('counts no larger batch than there are samples', () => {
  const whole = requireConfig({ overrides: [...overrides, 'train.batch_size=8192'] }).config;
  const samples = dataset.samples.train.length;
  const exact = requireConfig({ overrides: [...overrides, `train.batch_size=${samples}`] }).config;
  expect(samples).toBeLessThan(8192);
  expect(requireMemory(whole, dataset, engine(null))).toBe(requireMemory(exact, dataset, engine(null)));
});

it('says so where nothing smaller fits', () => {
  const refused = () => requireMemory(config, dataset, engine(1000));
  expect(refused).toThrow(/^model\.variant base .* No smaller batch, variant or lookback fits either/);
});

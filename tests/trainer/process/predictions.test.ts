import { describe, expect, it } from 'vitest';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { requireConfig } from '#core/config/compile.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { toPredictionsCsv } from '#trainer/process/predictions.ts';

function predicted(overrides: readonly string[]) {
  const { config } = requireConfig({
    overrides: ['model.lookback=8', 'features.timeframes={1h:{log_return:{}}}', ...overrides],
  });
  const dataset = assembleDataset(sampleMarket({ seed: 2, bars: 900, step: 3_600_000 }), config);
  const splits = (['validation', 'test'] as const).map((split) => ({
    split,
    predictions: dataset.tasks.map((_, k) => Float64Array.from(dataset.samples[split], (row) => row + k / 10)),
  }));
  const lines = [...toPredictionsCsv(dataset, splits)].join('').trimEnd().split('\n');
  return { dataset, head: lines[0], rows: lines.slice(1).map((line) => line.split(',')) };
}

describe('predictions.csv', () => {
  it('has a row a sample: the close of its window, its split, target and prediction of every task', () => {
    const { dataset, head, rows } = predicted([]);
    expect(head).toBe('time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir');
    const samples = [...dataset.samples.validation, ...dataset.samples.test];
    expect(rows).toHaveLength(samples.length);
    const [ret, dir] = dataset.tasks;
    rows.forEach(([time, split, target, prediction, ...own], i) => {
      const row = samples[i];
      expect(Date.parse(time)).toBe(dataset.time[row] + 3_600_000);
      expect(split).toBe(i < dataset.samples.validation.length ? 'validation' : 'test');
      const cells = [ret.raw[row], row, ret.raw[row], row, dir.raw[row], row + 0.1];
      expect([target, prediction, ...own].map((cell) => (cell === '' ? NaN : Number(cell)))).toEqual(cells);
    });
  });

  it('has no columns twice where there is one task', () => {
    expect(predicted(['~targets.tasks.dir']).head).toBe('time,split,target,prediction');
  });
});

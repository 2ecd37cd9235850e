import { describe, expect, it } from 'vitest';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { requireConfig } from '#core/config/compile.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { toPredictionsCsv } from '#trainer/process/predictions.ts';

function predicted(split: 'validation' | 'test', overrides: readonly string[]) {
  const { config } = requireConfig({
    overrides: ['model.lookback=8', 'features.timeframes={1h:{log_return:{}}}', ...overrides],
  });
  const dataset = assembleDataset(sampleMarket({ seed: 2, bars: 900, step: 3_600_000 }), config);
  const predictions = dataset.tasks.map((_, k) => Float64Array.from(dataset.samples[split], (row) => row + k / 10));
  const lines = [...toPredictionsCsv(dataset, { split, predictions })].join('').trimEnd().split('\n');
  return { dataset, head: lines[0], rows: lines.slice(1).map((line) => line.split(',')) };
}

describe('a file of predictions', () => {
  it.each(['validation', 'test'] as const)('has a row a sample of %s: close, split, targets, predictions', (split) => {
    const { dataset, head, rows } = predicted(split, []);
    expect(head).toBe('time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir');
    const samples = dataset.samples[split];
    expect(rows).toHaveLength(samples.length);
    const [ret, dir] = dataset.tasks;
    rows.forEach(([time, of, target, prediction, ...own], i) => {
      const row = samples[i];
      expect(Date.parse(time)).toBe(dataset.time[row] + 3_600_000);
      expect(of).toBe(split);
      const cells = [ret.raw[row], row, ret.raw[row], row, dir.raw[row], row + 0.1];
      expect([target, prediction, ...own].map((cell) => (cell === '' ? NaN : Number(cell)))).toEqual(cells);
    });
  });

  it('has no columns twice where there is one task', () => {
    expect(predicted('test', ['~targets.tasks.dir']).head).toBe('time,split,target,prediction');
  });
});

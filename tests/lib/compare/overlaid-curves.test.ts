import { describe, expect, it } from 'vitest';
import type { Curves } from '#lib/api/runs.ts';
import { overlaidAxis } from '#lib/compare/overlaid-axis.ts';
import { overlaidCurves } from '#lib/compare/overlaid-curves.ts';
import { placeRuns } from '#lib/compare/placed-run.ts';
import { comparedRun as run } from './compared-run.ts';

/** Points at the end of each of four epochs of ten steps. */
function curves(names: readonly string[]): Curves['curves'] {
  const step = Float64Array.of(10, 20, 30, 40);
  const column = {
    step,
    epoch: Float64Array.of(1, 2, 3, 4),
    value: Float64Array.of(4, 3, 2, 1),
    time: step.map((at) => Date.UTC(2026, 0, 1) + at * 1000),
    attempt: Int32Array.of(1, 1, 1, 1),
    smooth: Float64Array.of(4, 3.5, 3, 2.5),
  };
  return Object.fromEntries(names.map((name) => [name, column]));
}

const names = ['val.loss', 'train.loss', 'val.da'];
const both = { r1: curves(names), r2: curves(names) };
const address = { runs: ['R2', 'R1'] };

describe('curves over each other', () => {
  it('have the look of their run, the base on top, and the selected checkpoint marked', () => {
    const runs = [run(1), run(2, { bestStep: 30 })];
    const placed = placeRuns(runs, address);
    const [loss] = overlaidCurves(placed, both, new Set(), overlaidAxis('epoch', runs));
    expect(loss.title).toBe('validation loss');
    expect(loss.series.map(({ label, look, mark }) => [label, look, mark?.x, mark?.y])).toEqual([
      ['R2', placed[1].look, 3, 2],
      ['R1', { color: 'var(--ink)', dash: null }, 2, 3],
    ]);
  });

  it('are smoothed where they are measured on batches', () => {
    const runs = [run(1), run(2)];
    const all = overlaidCurves(placeRuns(runs, address), both, new Set(), overlaidAxis('step', runs));
    expect(all.map(({ title, series }) => [title, series[0].smooth !== undefined])).toEqual([
      ['validation loss', false],
      ['train loss', true],
      ['validation directional accuracy', false],
    ]);
    expect(all[2].levels).toEqual([{ label: 'always one side', y: 0.52 }]);
  });

  it('of another loss are left out and said, and those on other rows are said to be', () => {
    const runs = [run(1), run(2, { loss: 'huber of return' })];
    const all = overlaidCurves(placeRuns(runs, address), both, new Set(['r2']), overlaidAxis('epoch', runs));
    expect(all.map(({ series }) => series.map(({ label }) => label))).toEqual([['R1'], ['R1'], ['R2', 'R1']]);
    expect(all[0].note).toBe('R2: another loss than that of R1, in another unit.');
    expect(all[2].note).toBe('R2: on other rows or outcomes than R1, to be looked at only.');
  });

  it('stand by the samples and the time of their own run, on an axis as long as the longest', () => {
    const runs = [
      run(1),
      run(2, { batch: 16, startedAt: '2026-01-01T00:00:05.000Z', finishedAt: '2026-01-01T00:01:00.000Z' }),
    ];
    const placed = placeRuns(runs, address);
    const xOf = (axis: 'samples' | 'time') => {
      const joint = overlaidAxis(axis, runs);
      const [{ series }] = overlaidCurves(placed, both, new Set(), joint);
      return [joint.domain, ...series.map(({ x }) => x[0])];
    };
    expect(xOf('samples')).toEqual([[0, 640], 160, 80]);
    expect(xOf('time')).toEqual([[0, 55_000], 5000, 10_000]);
  });
});

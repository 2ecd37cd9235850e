import { describe, expect, it } from 'vitest';
import type { LineageRun } from '#core/api/lineage.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { edgeWords, headingRun, lineageNote, lineageValue, seedsValue } from '#lib/notebook/lineage-figures.ts';
import { evaluationOf, runSummary } from '#tests/support/run-summary.ts';

function run(number: number, da: number | null, part: Partial<RunSummary> = {}): LineageRun {
  const best: Record<string, number> = da === null ? {} : { 'val.da': da };
  const metrics = { latest: { 'val.loss': 0.3, 'val.da': 0.99, 'test.da': 0.98 }, best };
  const engine = { name: 'wasm', device: 'WASM' };
  return {
    ...runSummary({ id: `r${number}`, number, engine, metrics, evaluation: evaluationOf('k'), ...part }),
    seed: 1,
  };
}

const parent = run(7, 0.508);

describe('the figures of the tree of runs', () => {
  it('are the validation accuracy of the selected checkpoint, and nothing of a run that died before one', () => {
    expect(lineageValue(run(9, 0.517), parent)).toBe(0.517);
    const dead = run(8, null, { status: 'failed' });
    expect([lineageValue(dead, parent), lineageNote(dead, parent, parent)]).toEqual([null, null]);
  });

  it('differ from the parent’s on the same rows', () => {
    const note = lineageNote(run(9, 0.517), parent, parent);
    expect(note?.text).toBe('+0.0090');
    expect(note?.title).toContain('against R7');
    expect(lineageNote(run(9, 0.5), parent, parent)?.text).toBe('−0.0080');
    expect(lineageNote(run(9, 0.508), parent, parent)?.text).toBe('±0');
  });

  it('say in what the rows differ where they do, and give no difference', () => {
    const moved = run(9, 0.517, { evaluation: evaluationOf('other', { from: Date.UTC(2022, 2, 22) }) });
    expect(lineageValue(moved, parent)).toBe(0.517);
    expect(lineageNote(moved, parent, parent)).toEqual({
      text: 'other rows',
      title: 'Against R7: other rows: from 22 March instead of 17 April',
    });
    const old = run(3, 0.6, { evaluation: null });
    expect(lineageNote(old, undefined, parent)?.text).toBe('rows unknown');
    const repriced = run(9, 0.517, { evaluation: evaluationOf('other') });
    expect(lineageNote(repriced, parent, parent)?.text).toBe('other rows');
  });

  it('leave the value of another horizon out: the heading names one', () => {
    const near = run(11, 0.55, { evaluation: evaluationOf('near', { horizon: 4 }) });
    const child = run(12, 0.56, { evaluation: evaluationOf('near', { horizon: 4 }) });
    expect(lineageValue(near, parent)).toBeNull();
    expect(lineageNote(near, parent, parent)).toEqual({
      text: 'other horizon',
      title: 'Against R7: other horizon: 4 bars instead of 12',
    });
    expect(lineageNote(child, near, parent)?.text).toBe('other horizon');
    expect(lineageNote(child, near, child)?.text).toBe('+0.0100');
  });

  it('are headed by the run of the page, else by the newest of known rows', () => {
    const runs = [run(4, 0.5, { evaluation: null }), run(3, 0.5), run(2, 0.5)];
    expect(headingRun(runs, 'r2')?.number).toBe(2);
    expect(headingRun(runs, undefined)?.number).toBe(3);
    expect(headingRun(runs, 'r4')?.number).toBe(3);
    expect(headingRun([], undefined)).toBeUndefined();
  });
});

describe('the edges of the tree', () => {
  const edge = { parent: 'r1', child: 'r2', seeds: [] };

  it('say what was changed in a few words, and all of it on hover', () => {
    const changed: ConfigDiff = {
      'features.timeframes.1h.rsi.period': [14, 21],
      'train.optimizer.learning_rate': [0.001, 0.0003],
    };
    expect(edgeWords({ ...edge, changed })).toEqual({
      text: '1h.rsi.period 14→21 +1',
      title: 'features.timeframes.1h.rsi.period 14 → 21\ntrain.optimizer.learning_rate 0.001 → 3e-4',
    });
    expect(edgeWords({ ...edge, changed: {} }).text).toBe('the same again');
    expect(edgeWords({ ...edge, changed: { 'train.seed': [1, 2] }, seeds: [2, 3] }).text).toBe('seed 1→2, 3');
  });

  it('lead to seeds with their mean and standard deviation, of those that have a value', () => {
    const runs = [run(2, 0.51), run(3, 0.53), run(4, null)];
    expect(seedsValue({ runs }, parent)).toEqual({ mean: 0.52, sd: expect.closeTo(0.01414, 4), n: 2 });
    expect(seedsValue({ runs: [run(4, null)] }, parent)).toBeNull();
    expect(seedsValue({ runs: [run(2, 0.51)] }, parent)).toEqual({ mean: 0.51, sd: null, n: 1 });
  });
});

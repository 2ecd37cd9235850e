import { describe, expect, it } from 'vitest';
import { arrangeResult, splitRows } from '#core/run/arrange-result.ts';

describe('a result as a table', () => {
  const result = {
    metrics: { rmse: 0.01, da: 0.52, da_low: 0.5, da_high: 0.54, f1: 'NaN' as const, 'ret.rmse': 0.01, later: 1 },
    baselines: { zero: { rmse: 0.011 }, train_mean: { rmse: 0.0105 }, majority: { da: 0.51 }, silent: { brier: 0.2 } },
    checks: [{ code: 'direction', name: 'not shown better than a coin', ok: false, message: '' }],
  };
  const { rows, baselines } = arrangeResult(result);
  const of = (metric: string) => rows.find((row) => row.metric === metric);

  it('puts intervals beside their metric and leaves out baselines that say nothing', () => {
    expect(baselines).toEqual(['zero', 'train_mean', 'majority']);
    expect(rows.map(({ metric }) => metric)).toEqual(['rmse', 'da', 'f1', 'ret.rmse', 'later']);
    expect(of('da')).toMatchObject({
      ...{ label: 'DA', unit: 'share', value: 0.52, low: 0.5, high: 0.54 },
      ...{ baselines: [null, null, 0.51], says: 'not shown better than a coin' },
    });
    expect(of('f1')?.value).toBeNaN();
  });

  it('names the naive forecast that is hardest to beat, whichever way is better', () => {
    expect(of('rmse')?.toBeat).toEqual({ baseline: 'train_mean', label: 'train mean', value: 0.0105 });
    expect(of('da')?.toBeat).toEqual({ baseline: 'majority', label: 'always one side', value: 0.51 });
    expect(of('f1')?.toBeat).toBeNull();
  });

  it('says which naive forecast does better than the model, beside what its check found', () => {
    const beaten = arrangeResult({ ...result, baselines: { ridge: { da: 0.53, rmse: 0.02 } } }).rows;
    expect(beaten.find(({ metric }) => metric === 'da')?.says).toBe('not shown better than a coin; ridge does better');
    expect(beaten.find(({ metric }) => metric === 'rmse')?.says).toBe('');
  });

  it('names the task of a metric, and one that a later version may have by itself', () => {
    expect([of('ret.rmse')?.label, of('later')?.label]).toEqual(['ret: RMSE', 'later']);
  });

  it('shows the known scores first', () => {
    const { first, rest } = splitRows(rows);
    expect(first.map(({ metric }) => metric)).toEqual(['da', 'f1', 'rmse']);
    expect(rest.map(({ metric }) => metric)).toEqual(['ret.rmse', 'later']);
  });
});

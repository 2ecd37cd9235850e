import { describe, expect, it } from 'vitest';
import { arrangeResult, splitRows } from '#lib/run/result-table.ts';
import { parsePredictions } from '#lib/run/predictions.ts';

describe('results', () => {
  const result = {
    metrics: { rmse: 0.01, da: 0.52, da_low: 0.5, da_high: 0.54, f1: 'NaN' as const, 'ret.rmse': 0.01 },
    baselines: { zero: { rmse: 0.011 }, majority: { da: 0.51 }, silent: { brier: 0.2 } },
  };

  it('puts intervals beside their metric and leaves out baselines that say nothing', () => {
    const { rows, baselines } = arrangeResult(result);
    expect(baselines).toEqual(['zero', 'majority']);
    expect(rows.map(({ metric }) => metric)).toEqual(['rmse', 'da', 'f1', 'ret.rmse']);
    expect(rows[1]).toMatchObject({ metric: 'da', value: 0.52, low: 0.5, high: 0.54, baselines: [null, 0.51] });
    expect(rows[2].value).toBeNaN();
  });

  it('names the naive forecast to beat, the lowest where low is good, and what the check of the metric says', () => {
    const checks = [
      { code: 'direction', level: 'warn' as const, name: 'not shown better', ok: true, message: 'within chance' },
    ];
    const baselines = { ...result.baselines, mean: { rmse: 0.0105 }, persistence: { da: 0.53, rmse: 'NaN' as const } };
    const { rows } = arrangeResult({ ...result, baselines, checks });
    expect(rows.map(({ toBeat }) => toBeat && [toBeat.baseline, toBeat.value])).toEqual([
      ['mean', 0.0105],
      ['persistence', 0.53],
      null,
      null,
    ]);
    expect(rows.map(({ label, says }) => [label, says])).toEqual([
      ['RMSE', ''],
      ['DA', 'not shown better'],
      ['F1', ''],
      ['ret: RMSE', ''],
    ]);
    expect(rows[1].explanation).toMatch(/^Directional accuracy: /);
  });

  it('shows the known scores first', () => {
    const { first, rest } = splitRows(arrangeResult(result).rows);
    expect(first.map(({ metric }) => metric)).toEqual(['da', 'f1', 'rmse']);
    expect(rest.map(({ metric }) => metric)).toEqual(['ret.rmse']);
  });
});

describe('predictions.csv', () => {
  it('gives the columns of each task on a split, without rows that lack a label', () => {
    const csv =
      'time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir\n' +
      '2020-01-01T00:00:00.000Z,validation,1,2,1,2,0,0.4\n' +
      '2020-01-02T00:00:00.000Z,test,3,4,3,4,1,0.6\n' +
      '2020-01-03T00:00:00.000Z,test,5,6,5,6,,0.7\n';
    expect(parsePredictions(csv, 'test')).toEqual([
      { task: 'ret', target: [3, 5], prediction: [4, 6] },
      { task: 'dir', target: [1], prediction: [0.6] },
    ]);
  });

  it('reads the plain columns of a run with one task', () => {
    const csv = 'time,split,target,prediction\n2020-01-01,test,0,0.25\n';
    expect(parsePredictions(csv, 'test')).toEqual([{ task: '', target: [0], prediction: [0.25] }]);
  });
});

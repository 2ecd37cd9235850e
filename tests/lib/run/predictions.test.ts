import { describe, expect, it } from 'vitest';
import { parsePredictions } from '#lib/run/predictions.ts';

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

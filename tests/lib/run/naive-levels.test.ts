import { describe, expect, it } from 'vitest';
import { naiveLevel } from '#lib/run/naive-levels.ts';

const loss = 'bce of dir (label smoothing 0)';
const balance = { dir: { train: 0.54, validation: 0.49 } };

describe('the level of naive forecasts', () => {
  it('is known from the shares of up while nothing is scored', () => {
    expect(naiveLevel('da', { results: {}, balance })?.y).toBe(0.5);
    const rising = { dir: { train: 0.54, validation: 0.56 } };
    expect(naiveLevel('da', { results: {}, balance: rising })?.y).toBe(0.56);
    const falling = { dir: { train: 0.4, validation: 0.45 } };
    expect(naiveLevel('da', { results: {}, balance: falling })?.y).toBeCloseTo(0.55, 12);
    expect(naiveLevel('loss', { results: {}, balance, loss })?.y).toBeCloseTo(0.69796, 4);
  });

  it('is that of the result as soon as there is one', () => {
    const baselines = {
      majority: { da: 0.485 },
      coin: { da: 0.5 },
      train_mean: { log_loss: 0.6984 },
      zero: { rmse: 0.02 },
    };
    const results = { validation: { baselines } };
    expect(naiveLevel('da', { results, balance })).toMatchObject({ label: 'coin', y: 0.5 });
    expect(naiveLevel('loss', { results, balance, loss })?.y).toBe(0.6984);
    expect(naiveLevel('rmse', { results })?.y).toBe(0.02);
    expect(naiveLevel('f1', { results })).toBeNull();
  });

  it('is not made up: of several tasks, another loss, or unknown data there is none', () => {
    expect(naiveLevel('da', { results: {} })).toBeNull();
    expect(naiveLevel('da', { results: {}, balance: { ...balance, ret: balance.dir } })).toBeNull();
    for (const other of [
      '0.1 · huber of ret (delta 1) + bce of dir (label smoothing 0)',
      'bce of dir (label smoothing 0.1)',
      null,
    ]) {
      expect(naiveLevel('loss', { results: {}, balance, loss: other })).toBeNull();
    }
    expect(naiveLevel('loss', { results: {}, balance: { dir: { train: 1, validation: 0.5 } }, loss })).toBeNull();
  });
});

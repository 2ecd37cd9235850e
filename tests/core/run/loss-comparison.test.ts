import { describe, expect, it } from 'vitest';
import { commonestLoss, isSameLoss, lossDifference } from '#core/run/loss-comparison.ts';

const [mse, mae, unknown] = ['mse of return', 'mae of return', null].map((loss) => ({ loss }));

describe('losses of two runs', () => {
  it('compare where both are known and the same', () => {
    expect(isSameLoss(mse, { ...mse })).toBe(true);
    expect([isSameLoss(mse, mae), isSameLoss(mse, unknown), isSameLoss(unknown, unknown)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('say in what they differ', () => {
    expect(lossDifference(mse, mse)).toBeNull();
    expect(lossDifference(mae, mse)).toBe('other loss: mae of return instead of mse of return');
    expect(lossDifference(unknown, mse)).toBe('other loss: not known instead of mse of return');
  });

  it('give a list the one that most have, of equals that of the newest', () => {
    expect(commonestLoss([mae, mse, unknown, unknown, unknown, mse])).toBe(mse.loss);
    expect(commonestLoss([mae, mse])).toBe(mae.loss);
    expect(commonestLoss([unknown])).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { robustRange } from '#core/chart/robust-range.ts';

const all = (y: readonly number[]) => robustRange(y, 0, y.length, Array.from(y.keys()));
/** As the loss of a run: it falls from 8 in a few steps and then wanders between 0.94 and 1. */
const loss = Array.from({ length: 200 }, (_, i) => 0.97 + 0.03 * Math.sin(i) + 7 * Math.exp(-i / 3));

describe('the range that an axis shows', () => {
  it('is not set by the first steps', () => {
    const range = all(loss);
    expect(range?.highest).toBeCloseTo(7.97);
    expect(range?.high).toBeLessThan(1.2);
    expect(range?.low).toBe(Math.min(...loss));
  });

  it('holds the last tenth whatever it does: a loss that runs away at the end is seen', () => {
    const away = loss.map((value, i) => (i > 195 ? 10 ** (i - 194) : value));
    expect(all(away)?.high).toBe(Math.max(...away));
    const spike = loss.map((value, i) => (i === 100 ? 1e5 : value));
    expect(all(spike)?.high).toBeLessThan(1.2);
  });

  it('leaves nothing out where that would show little more, or where there is little', () => {
    const slope = Array.from({ length: 50 }, (_, i) => 1 / (1 + i / 10));
    expect(all(slope)).toEqual({ low: slope[49], high: 1, lowest: slope[49], highest: 1 });
    expect(all([9, 1, 1.1])).toMatchObject({ low: 1, high: 9 });
    expect(all([5, 5, 5, 5, 5, 5, 9, 5, 5, 5, 5, 5])).toMatchObject({ low: 5, high: 9 });
  });

  it('passes over what is not finite', () => {
    expect(all([NaN, 1, Infinity, 2, -Infinity])).toEqual({ low: 1, high: 2, lowest: 1, highest: 2 });
    expect(all([NaN, Infinity])).toBeNull();
  });

  it('is that of the part in view', () => {
    const range = robustRange(loss, 0, 3, [0, 1, 2, 3]);
    expect(range).toMatchObject({ low: loss[2], high: loss[0] });
  });
});

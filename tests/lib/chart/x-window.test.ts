import { describe, expect, it } from 'vitest';
import { fitWithin, magnified, panned, pinched } from '#lib/chart/x-window.ts';

describe('the part of x that is shown', () => {
  it('stays within the whole, and is nothing where it would be all', () => {
    expect(fitWithin([-3, 2], [0, 10])).toEqual([0, 5]);
    expect(fitWithin([8, 12], [0, 10])).toEqual([6, 10]);
    expect(fitWithin([-5, 50], [0, 10])).toBeNull();
    expect(fitWithin([0, 10], [0, 10])).toBeNull();
  });

  it('moves by its width, and widens around a place that stays', () => {
    expect(panned([2, 4], 0.5)).toEqual([3, 5]);
    expect(magnified([0, 10], 0.5, 2)).toEqual([1, 6]);
  });

  it('follows two fingers, each of which keeps its place', () => {
    // Fingers on 2 and 4 of 0 to 10, moved to the edges.
    expect(pinched([2, 4], [0, 1])).toEqual([2, 4]);
    const [from = NaN, to = NaN] = pinched([2, 4], [0.25, 0.75]) ?? [];
    expect(from + 0.25 * (to - from)).toBeCloseTo(2);
    expect(from + 0.75 * (to - from)).toBeCloseTo(4);
    expect(pinched([2, 4], [0.5, 0.505])).toBeNull();
    expect(pinched([2, 4], [0.7, 0.3])).toBeNull();
  });
});

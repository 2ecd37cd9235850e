import { describe, expect, it } from 'vitest';
import { ratioOf, spreadOf } from './spread.ts';

describe('spreadOf', () => {
  it('gives the middle value, or the mean of the middle two, and both ends', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  it('refuses to summarize nothing', () => {
    expect(() => spreadOf([])).toThrow('one value at least');
  });
});

describe('ratioOf', () => {
  it('pairs the repeats, so that a load on both cancels out', () => {
    expect(ratioOf([100, 50, 90], [200, 100, 180])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
    expect(ratioOf([100, 100, 100], [50, 100, 400])).toEqual({ median: 1, min: 0.25, max: 2 });
  });

  it('refuses repeats that have no partner', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('as many repeats of both, received 2, 1');
  });
});

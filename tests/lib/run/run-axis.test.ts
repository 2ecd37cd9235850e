import { describe, expect, it } from 'vitest';
import { type CurveAxis, runAxis } from '#lib/run/run-axis.ts';

const plan = { epochs: 10, steps: 960, batch: 256, startedAt: 1_000_000, endsAt: 1_000_000 + 190_000 };
const axis = (of: CurveAxis, more = {}) => runAxis(of, { ...plan, ...more });

describe('the axis of a run', () => {
  it('reaches from its start to its planned end', () => {
    expect(axis('epoch').domain).toEqual([0, 10]);
    expect(axis('step').domain).toEqual([0, 960]);
    expect(axis('samples').domain).toEqual([0, 245_760]);
    expect(axis('time').domain).toEqual([0, 190_000]);
    expect(axis('step', { steps: null }).domain).toBeNull();
    expect(axis('time', { endsAt: null }).domain).toBeNull();
  });

  it('says of a point which epoch it is in or ends, never a part of one', () => {
    const { words, brief } = axis('epoch');
    expect(words({ x: 0.28125, step: 27 })).toBe('in epoch 1 · step 27');
    expect(words({ x: 1, step: 96 })).toBe('epoch 1 · step 96');
    expect(words({ x: 8.8854, step: 853 })).toBe('in epoch 9 · step 853');
    expect(brief({ x: 3, step: 288 })).toBe('epoch 3');
    expect(axis('epoch', { steps: null }).words({ x: 0.28, step: 27 })).toBe('step 27');
    expect(axis('time').words({ x: 192_000, step: 288 })).toBe('epoch 3 · step 288 · 3 min 12 s');
    expect(axis('time').words({ x: 4200, step: NaN })).toBe('4.2 s');
    expect(axis('samples').words({ x: 24_576, step: 96 })).toBe('epoch 1 · step 96 · 24,576 samples');
  });

  it('has whole epochs and steps as ticks, and whole units of time', () => {
    const texts = (of: CurveAxis, most: number, more = {}) => {
      const one = axis(of, more);
      return one.ticks(one.domain ?? [0, 1], most).map(({ text }) => text);
    };
    expect(texts('epoch', 7)).toEqual(['0', '2', '4', '6', '8', '10']);
    expect(texts('step', 5)).toEqual(['0', '200', '400', '600', '800']);
    expect(texts('samples', 6)).toEqual(['0', '50k', '100k', '150k', '200k']);
    expect(axis('time').label).toBe('minutes since the start');
    expect(texts('time', 4)).toEqual(['0', '1', '2', '3']);
    expect(axis('time', { endsAt: 1_000_000 + 20_000 }).label).toBe('seconds since the start');
    expect(axis('time', { endsAt: 1_000_000 + 50 * 3_600_000 }).label).toBe('hours since the start');
  });

  it('places points by what it means, ascending also where an attempt was given up', () => {
    const step = Float64Array.of(48, 96, 144);
    const time = Float64Array.of(1_001_000, 1_005_000, 1_002_000);
    const placed = (of: CurveAxis) => [...axis(of).place({ step, time })];
    expect(placed('epoch')).toEqual([0.5, 1, 1.5]);
    expect(placed('step')).toEqual([48, 96, 144]);
    expect(placed('samples')).toEqual([12_288, 24_576, 36_864]);
    expect(placed('time')).toEqual([1000, 5000, 5000]);
  });
});

import { describe, expect, it } from 'vitest';
import { formatSampleSource, parseSampleSource, sampleMarket } from '#core/bars/sample-market.ts';
import { hour, minute } from '#core/time/timeframe.ts';
import { AppError } from '#core/error.ts';

describe('sampleMarket', () => {
  it('gives the same bars for the same spec, and others for another seed', () => {
    const once = sampleMarket({ seed: 4, bars: 500 });
    expect(sampleMarket({ seed: 4, bars: 500 })).toEqual(once);
    expect(sampleMarket({ seed: 5, bars: 500 }).close).not.toEqual(once.close);
    // A longer market begins with the shorter one.
    expect(sampleMarket({ seed: 4, bars: 900 }).close.slice(0, 500)).toEqual(once.close);
  });

  it('is pinned: these bars never change, or fingerprints and published runs would mean other data', () => {
    const { close, volume, time } = sampleMarket({ bars: 3 });
    expect([...close]).toEqual([9917.07, 9928.99, 9932.14]);
    expect([...volume]).toEqual([198.66, 92.72, 104.995]);
    expect(time[0]).toBe(Date.UTC(2018, 0, 1));
  });

  it.each([1, 2, 3, 77, 4_294_967_295])('holds valid bars only (seed %i)', (seed) => {
    const { open, high, low, close, volume } = sampleMarket({ seed, bars: 5000, step: seed % 2 ? hour : minute });
    for (let i = 0; i < close.length; i++) {
      expect(low[i] > 0 && low[i] <= Math.min(open[i], close[i]) && high[i] >= Math.max(open[i], close[i])).toBe(true);
      expect(volume[i] >= 0 && Number.isFinite(volume[i])).toBe(true);
      if (i > 0) expect(open[i]).toBe(close[i - 1]);
    }
  });

  it('can be learned a little and not more: fading the last bars is right 51 to 55 times in 100', () => {
    for (const seed of [1, 2, 3]) {
      const { open, close } = sampleMarket({ seed });
      let [pull, right, total] = [0, 0, 0];
      for (let i = 0; i + 1 < close.length; i++) {
        pull = 0.7 * pull + Math.log(close[i] / open[i]);
        const next = Math.log(close[i + 1] / close[i]);
        if (next === 0) continue;
        total++;
        if (next > 0 === pull < 0) right++;
      }
      expect(right / total).toBeGreaterThan(0.51);
      expect(right / total).toBeLessThan(0.55);
    }
  });
});

describe('parseSampleSource', () => {
  it('reads the full form, defaults and any case of the scheme', () => {
    expect(parseSampleSource('sample://market?seed=9&bars=100&step=15m')).toEqual({
      seed: 9,
      bars: 100,
      step: 15 * minute,
    });
    expect(parseSampleSource('sample://market')).toEqual({ seed: 1, bars: 20_000, step: 3_600_000 });
    expect(parseSampleSource('SAMPLE://market/')).toEqual({ seed: 1, bars: 20_000, step: 3_600_000 });
  });

  it('is undone by formatSampleSource', () => {
    const text = 'sample://market?seed=9&bars=100&step=15m';
    expect(formatSampleSource(parseSampleSource(text))).toBe(text);
  });

  it.each([
    'sample://other',
    'sample://market?speed=1',
    'sample://market?seed=-1',
    'sample://market?seed=4294967296',
    'sample://market?bars=1',
    'sample://market?bars=5000001',
    'sample://market?bars=1e3',
    'sample://market?step=5x',
    'sample://market?step=8w',
    'sample://market?__proto__=1',
  ])('refuses %s', (source) => {
    expect(() => parseSampleSource(source)).toThrow(AppError);
  });
});

import { describe, expect, it } from 'vitest';
import { decodeBars, encodeBars } from '#core/bars/bars-buffer.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';

describe('bars on the wire', () => {
  const bars = sampleMarket({ bars: 101 });
  bars.segment.fill(3, 50);
  bars.filled[7] = 1;

  it('come back as they were sent', () => {
    const bytes = encodeBars(bars);
    expect(bytes.byteLength).toBe(101 * (6 * 8 + 4 + 1));
    expect(decodeBars(bytes, bars.step)).toEqual(bars);
    expect(decodeBars(bytes.buffer, bars.step)).toEqual(bars);
  });

  it('come back from bytes that begin at an odd address, as those of a Node Buffer do', () => {
    const shifted = Buffer.concat([Buffer.from('x'), encodeBars(bars)]).subarray(1);
    expect(decodeBars(shifted, bars.step)).toEqual(bars);
  });

  it('may be none', () => {
    expect(
      decodeBars(encodeBars({ ...sampleMarket({ bars: 2 }), ...decodeBars(new Uint8Array(), 1) }), 1).time.length,
    ).toBe(0);
  });

  it('are refused where bytes are missing', () => {
    expect(() => decodeBars(encodeBars(bars).subarray(1), bars.step)).toThrow(RangeError);
  });
});

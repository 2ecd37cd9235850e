import { describe, expect, it } from 'vitest';
import { formatTimeframe, parseTimeframe } from '#core/time/timeframe.ts';

describe('timeframe', () => {
  it.each([
    ['1s', 1_000],
    ['1m', 60_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['4h', 14_400_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('reads and writes %s', (text, ms) => {
    expect(parseTimeframe(text)).toBe(ms);
    expect(formatTimeframe(ms)).toBe(text);
  });

  it.each(['', '0m', '-1h', '1.5h', '15', 'h', '1M', '100000m', '1 h', '1h '])('refuses %j', (text) => {
    expect(parseTimeframe(text)).toBeUndefined();
  });

  it('writes the largest unit that divides', () => {
    expect(formatTimeframe(5_400_000)).toBe('90m');
    expect(formatTimeframe(7 * 86_400_000)).toBe('1w');
    expect(formatTimeframe(90_000)).toBe('90s');
  });
});

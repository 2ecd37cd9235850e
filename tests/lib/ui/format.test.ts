import { describe, expect, it } from 'vitest';
import { formatAgo, formatDifference, formatDuration, formatNumber, formatValue } from '#lib/ui/format.ts';

describe('numbers on the page', () => {
  it.each([
    [0.431234, '0.4312'],
    [12345, '12,345'],
    [1234.567, '1,235'],
    [12345.67, '12,350'],
    [-12345, '−12,345'],
    [0.000012, '1.20e−5'],
    [-0.000012, '−1.20e−5'],
    [-0.5, '−0.5'],
    [1.00004, '1.000'],
    [0.51304, '0.5130'],
    [0, '0'],
    ['NaN', 'NaN'],
    [Infinity, '∞'],
    [null, '–'],
    [undefined, '–'],
  ])('writes %s as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [0.00211, '+0.0021'],
    [-0.013, '−0.0130'],
    [0.00004, '±0'],
    [-0, '±0'],
  ])('writes the difference %s as %s', (value, text) => expect(formatDifference(value)).toBe(text));

  it.each([
    [820, '820 ms'],
    [4200, '4.2 s'],
    [59_600, '1 min'],
    [14_400_000, '4 h'],
    [172_800_000, '2 d'],
    [192_000, '3 min 12 s'],
    [7_500_000, '2 h 05 min'],
    [276_000_000, '3 d 5 h'],
    [-1, '–'],
  ])('writes %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('says how long ago', () => {
    const now = Date.parse('2026-01-02T12:00:00Z');
    expect(formatAgo('2026-01-02T11:59:50Z', now)).toBe('just now');
    expect(formatAgo('2026-01-02T11:56:00Z', now)).toBe('4 min ago');
    expect(formatAgo('2026-01-01T10:00:00Z', now)).toBe('yesterday');
    expect(formatAgo('2025-06-01T10:00:00Z', now)).toBe('2025-06-01');
  });

  it('writes configuration values in one line', () => {
    expect(formatValue(null)).toBe('none');
    expect(formatValue(0.0003)).toBe('3e-4');
    expect(formatValue({ period: 14 })).toBe('{"period":14}');
  });
});

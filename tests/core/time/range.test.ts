import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '#core/time/range.ts';
import { openZone } from '#core/time/zone.ts';
import { compileConfig } from '#core/config/compile.ts';
import { AppError } from '#core/error.ts';

const utc = openZone('UTC');

function isRead(range: { start: string | null; end: string | null }, zone: string): boolean {
  try {
    parseRange(range, openZone(zone));
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

const isChecked = (range: { start: string | null; end: string | null }, timezone: string) =>
  compileConfig({ config: { data: { range, timezone } } }).config !== null;

describe('data.range', () => {
  it.each([
    ['2024-01-01', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01T00:00-05:00', '2024-01-01T05:00:00.000Z'],
    ['2024-01-01T00:00:00.5-0500', '2024-01-01T05:00:00.500Z'],
    ['2024-01-01 00:00 -05', '2024-01-01T05:00:00.000Z'],
    ['2024-01-01 09:30 America/New_York', '2024-01-01T14:30:00.000Z'],
    ['2024-01-01 09:30 EST', '2024-01-01T14:30:00.000Z'],
    ['2024-01-01T09:30', '2024-01-01T08:30:00.000Z'],
    ['2024/01/01', '2024-01-01T00:00:00.000Z'],
    ['20240101', '2024-01-01T00:00:00.000Z'],
  ])('%j passes the check and is read', (start, expected) => {
    const range = { start, end: null };
    expect(new Date(parseRange(range, openZone('Europe/Berlin'))[0]).toISOString()).toBe(expected);
    expect(isChecked(range, 'Europe/Berlin')).toBe(true);
  });

  it.each([
    '',
    'May',
    '01/02/2024',
    '2024',
    '2024-01-01T25:00',
    '2024-01-01 10:00 IST',
    '2024-02-30',
    `2024-01-01${' '.repeat(100)}`,
  ])('%j is refused at both', (start) => {
    const range = { start, end: null };
    expect(() => parseRange(range, utc)).toThrow(AppError);
    expect(isChecked(range, 'UTC')).toBe(false);
  });

  it('refuses a range that ends before it starts once offsets are counted', () => {
    const range = { start: '2024-01-01T00:00-05:00', end: '2024-01-01T04:00Z' };
    expect(compileConfig({ config: { data: { range } } }).issues).toMatchObject([{ path: 'data.range.end' }]);
    expect(isChecked({ ...range, end: '2024-01-01T06:00Z' }, 'UTC')).toBe(true);
  });

  it('is accepted by the check exactly where it can be read', () => {
    const digits = fc.integer({ min: 1, max: 40 }).map((n) => String(n).padStart(2, '0'));
    const near = fc
      .tuple(
        fc.constantFrom('2024', '1999', '1700', '24'),
        fc.constantFrom('-', '/', '.', ''),
        digits,
        digits,
        fc.constantFrom('', 'T', ' ', '  '),
        fc.constantFrom('', '09:30', '0930', '25:00', '9 AM', '12:00:00.5'),
        fc.constantFrom('', 'Z', '-05:00', ' -0500', '-05', '+00', ' UTC', ' EST', ' IST', ' US/Eastern', ' Mars/One'),
      )
      .map(
        ([year, sign, month, date, gap, clock, zone]) => `${year}${sign}${month}${sign}${date}${gap}${clock}${zone}`,
      );
    const time = fc.oneof({ weight: 9, arbitrary: near }, fc.string({ maxLength: 30 }), fc.constant(null));
    fc.assert(
      fc.property(time, time, fc.constantFrom('UTC', 'America/New_York'), (start, end, zone) => {
        expect(isChecked({ start, end }, zone)).toBe(isRead({ start, end }, zone));
      }),
      { numRuns: 300 },
    );
  });
});

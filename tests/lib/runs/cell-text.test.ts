import { expect, it } from 'vitest';
import { cellText, differenceText, groupCellText, isBetter } from '#lib/runs/cell-text.ts';

it('writes a cell by what its column holds', () => {
  expect(cellText(0.51234, 'number')).toBe('0.5123');
  expect(cellText('NaN', 'number')).toBe('NaN');
  expect(cellText('-Infinity', 'number')).toBe('−∞');
  expect(cellText(192, 'seconds')).toBe('3 min 12 s');
  expect(cellText('2026-03-01T04:05:00.000Z', 'date')).toBe('2026-03-01 04:05');
  expect(cellText(['a', 'b'], 'tags')).toBe('a, b');
  expect(cellText(7, 'run')).toBe('R7');
  expect(cellText('auto', 'mixed')).toBe('auto');
  expect(cellText(14, 'mixed')).toBe('14');
  for (const nothing of [null, '', []]) expect(cellText(nothing, 'text')).toBe('–');
});

it('tells a difference with its sign, and which way is better', () => {
  expect(differenceText(0.0123456, 'number')).toBe('+0.0123');
  expect(differenceText(-0.00031, 'number')).toBe('−3.10e−4');
  expect(differenceText(0, 'number')).toBe('±0');
  expect(differenceText(-61, 'seconds')).toBe('−1 min 01 s');
  expect([isBetter(0.1, { direction: 'higher' }), isBetter(0.1, { direction: 'lower' })]).toEqual([true, false]);
  expect([
    isBetter(-0.1, { direction: 'lower' }),
    isBetter(0, { direction: 'lower' }),
    isBetter(1, { direction: null }),
  ]).toEqual([true, null, null]);
});

it('writes of a group the mean with its spread, or what all have', () => {
  const spread = { mean: 0.512345, sd: 0.01234, n: 3, min: 0.5, max: 0.52 };
  expect(groupCellText({ spread }, 'number')).toEqual({
    text: '0.5123 ± 0.012',
    spread: 'mean of 3, from 0.5 to 0.52',
  });
  expect(groupCellText({ spread: { ...spread, sd: null, n: 1 } }, 'number').text).toBe('0.5123');
  expect(groupCellText({ same: 'tcn' }, 'text').text).toBe('tcn');
  expect(groupCellText({ distinct: 4 }, 'text').text).toBe('4 values');
});

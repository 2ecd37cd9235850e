import { expect, it } from 'vitest';
import { commonLines } from '#core/compare/common-lines.ts';

const common = (base: string, own: string) =>
  commonLines([...base], [...own])
    .map((is) => (is ? 1 : 0))
    .join('');

it('lines that both have in one order are common, all others new', () => {
  expect(common('abcde', 'abXde')).toBe('11011');
  expect(common('abcde', 'acde')).toBe('1111');
  expect(common('abc', 'abxc')).toBe('1101');
  expect(common('', 'ab')).toBe('00');
  expect(common('ab', '')).toBe('');
  // Of two that changed places one is common.
  expect(common('ab', 'ba')).toMatch(/^(10|01)$/);
});

import { expect, it } from 'vitest';
import { plainSigned, signed } from '#core/signed.ts';

it('a difference has its sign, and none where nothing is left of it', () => {
  const write = (size: number) => size.toFixed(2);
  expect([0.014, -0.014, 0.001, -0.001, 0, -0].map((value) => signed(value, write))).toEqual([
    ...['+0.01', '−0.01', '±0', '±0', '±0', '±0'],
  ]);
  expect([NaN, Infinity].map((value) => signed(value, write))).toEqual(['–', '–']);
  expect(signed(-61, (size) => `${size} s`)).toBe('−61 s');
  expect([plainSigned(-1, String), plainSigned(NaN, String), plainSigned(0, String)]).toEqual(['-1', '-', '0']);
});

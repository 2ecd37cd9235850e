import { expect, it } from 'vitest';
import { valuesAt } from '#lib/run/values-at.ts';

it('takes values at the steps of another column, between its own from the line, and none beyond its ends', () => {
  const column = { step: Float64Array.of(2, 4, 8), value: Float64Array.of(1, 3, 11) };
  expect([...valuesAt(Float64Array.of(1, 2, 3, 4, 5, 8, 9), column)]).toEqual([NaN, 1, 2, 3, 5, 11, NaN]);
  expect([...valuesAt(Float64Array.of(6), column)]).toEqual([7]);
  expect([...valuesAt(Float64Array.of(1, 2), { step: new Float64Array(), value: new Float64Array() })]).toEqual([
    NaN,
    NaN,
  ]);
  expect([...valuesAt(new Float64Array(), column)]).toEqual([]);
});

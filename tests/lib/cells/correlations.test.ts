import { expect, it } from 'vitest';
import { companions } from '#lib/cells/correlations.ts';

it('names the column that each moves with most, either way, and none where none moves', () => {
  const correlation = [
    [1, 0.2, -0.9, null],
    [0.2, 1, 0.1, null],
    [-0.9, 0.1, 1, null],
    [null, null, null, null],
  ];
  expect(companions(['a', 'b', 'c', 'still'], correlation)).toEqual([
    { name: 'c', r: -0.9 },
    { name: 'a', r: 0.2 },
    { name: 'a', r: -0.9 },
    null,
  ]);
  expect(companions(['a'], [[1]])).toEqual([null]);
});

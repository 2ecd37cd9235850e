import { expect, test } from 'vitest';
import { capitalise } from '#core/capitalise.ts';

test.each([
  ['best epoch 2 · R13', 'Best epoch 2 · R13'],
  ['PatchTST', 'PatchTST'],
  ['one', 'One'],
  ['', ''],
])('%s becomes %s', (words, expected) => {
  expect(capitalise(words)).toBe(expected);
});

import { expect, test } from 'vitest';
import { countWords } from '#core/count-words.ts';

test('one of a thing has no s', () => {
  expect([0, 1, 2].map((count) => countWords(count, 'epoch'))).toEqual(['0 epochs', '1 epoch', '2 epochs']);
  const write = (count: number) => count.toFixed(1);
  expect(countWords(3, 'stretch', { many: 'stretches', write })).toBe('3.0 stretches');
  expect(countWords(3, 'bar', { many: undefined })).toBe('3 bars');
});

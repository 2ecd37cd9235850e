import { expect, test } from 'vitest';
import { edgeWords } from '#core/run/edge-words.ts';

test.each([
  ['da', 'contrarian', 'DA, over the contrarian'],
  ['da', 'ridge', 'DA, over ridge regression'],
  ['dir.brier', 'majority', 'dir: Brier score, over always one side'],
  ['later', 'toString', 'later, over toString'],
])('the edge in %s over %s is in words of the page', (metric, baseline, words) => {
  expect(edgeWords({ metric, baseline })).toBe(words);
});

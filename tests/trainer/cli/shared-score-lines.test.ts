import { expect, test } from 'vitest';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { sharedScoreLines } from '#trainer/cli/shared-score-lines.ts';

const run = (number: number, da: number, best: string[], edge: SharedScores['runs'][number]['edge']) => ({
  ...{ id: `run${number}`, number, name: `run ${number}`, horizon: 12, rows: 900, group: 0 },
  ...{ scores: { da, brier: 0.25, n: 800 }, best, edge },
});

test('scores on shared rows are called as on the page, and an edge says in words over whom it is', () => {
  const edge = { metric: 'da', baseline: 'contrarian', value: 0.0211, low: -0.0041, high: -9e-17 };
  const scores: SharedScores = {
    ...{ n: 800, from: Date.UTC(2022, 0, 1), to: Date.UTC(2022, 1, 1), comparable: true, reason: null },
    luck: { metric: 'da', runs: 40, value: 0.5312 },
    runs: [run(1, 0.52, ['da'], edge), run(2, 0.51, [], null)],
  };
  expect(sharedScoreLines(scores, null)).toEqual([
    'validation, on the 800 rows that all of them predicted, 2022-01-01 00:00 to 2022-02-01 00:00 UTC',
    'RUN  DA       BRIER SCORE  EDGE OVER ITS OWN BASELINE                      NAME',
    'R1   0.5200*  0.2500       +0.0211 (-0.0041 to 0) DA, over the contrarian  run 1',
    'R2   0.5100   0.2500       -                                               run 2',
    'the best of 40 by luck alone would be about 0.531 DA',
  ]);
});

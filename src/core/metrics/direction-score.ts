import type { Confusion } from '#core/run/result.ts';
import { type ScoreParts, sumOf } from './score-parts.ts';

/**
 * How often the side is right (METRICS.md#direction), over rows where both are decided: `da` the share of hits, `f1` the
 * mean of the F1 of up and down (macro), `n` the rows. Compares signs: `predicted` and `actual` are above zero for up,
 * below for down, 0 or NaN where undecided.
 */
export function directionParts(predicted: Float64Array, actual: Float64Array): ScoreParts {
  const columns = Array.from({ length: 4 }, () => new Float64Array(actual.length));
  const [upHits, upMisses, downHits, downMisses] = columns;
  for (let i = 0; i < actual.length; i++) {
    if (predicted[i] > 0) {
      if (actual[i] > 0) upHits[i] = 1;
      else if (actual[i] < 0) upMisses[i] = 1;
    } else if (predicted[i] < 0) {
      if (actual[i] < 0) downHits[i] = 1;
      else if (actual[i] > 0) downMisses[i] = 1;
    }
  }
  return {
    columns,
    scores(sums) {
      const [upRight, upWrong, downRight, downWrong] = sums;
      const wrong = upWrong + downWrong;
      const n = upRight + downRight + wrong;
      return { da: (upRight + downRight) / n, f1: macroF1(upRight, downRight, wrong), n };
    },
  };
}

/** Rows by side said and side come; arguments as those of {@link directionParts}. */
export function countSides(predicted: Float64Array, actual: Float64Array): Confusion {
  const [upHits, upMisses, downHits, downMisses] = directionParts(predicted, actual).columns.map(sumOf);
  return { upHits, upMisses, downHits, downMisses };
}

/**
 * Mean of 2TP/(2TP+FP+FN) of the sides that occur among forecasts or labels, as f1_score(average='macro',
 * zero_division=0) of scikit-learn: with two sides the misses are the FP and FN of each. NaN where there is no row.
 */
function macroF1(upHits: number, downHits: number, misses: number): number {
  const occurring = [upHits, downHits].filter((hits) => hits + misses > 0);
  return occurring.reduce((sum, hits) => sum + (2 * hits) / (2 * hits + misses), 0) / occurring.length;
}

/** What a fair coin scores on average on labels of which the share `up` is up, in the limit of many rows. */
export function coinScore(up: number): { readonly da: number; readonly f1: number } {
  // Of the labels of a side half are hits; the other half and half of the other side are misses.
  const f1Of = (share: number) => share / (share + 0.5);
  return { da: 0.5, f1: (f1Of(up) + f1Of(1 - up)) / 2 };
}

import type { Task } from '#core/dataset/dataset.ts';
import type { Edge } from '#core/run/result.ts';
import { bestBaseline, type ScoredBaseline } from './baselines.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { directionParts } from './direction-score.ts';
import { sumOf } from './score-parts.ts';
import { type ScoredRows, signsOf } from './scored-rows.ts';

/**
 * How much more accurate the sides of a forecast are than those of the most accurate baseline of the same rows, with the
 * interval of a paired bootstrap: both are scored on the same resamples. Undefined where a DA is not defined, or there are
 * too few rows for an interval. It may be compared between runs whose rows differ.
 */
export function edgeOf(
  task: Task,
  predicted: Float64Array,
  rows: ScoredRows,
  baselines: Readonly<Record<string, ScoredBaseline>>,
  meanBlock: number,
): Edge | undefined {
  const best = bestBaseline(baselines, 'da');
  if (best === undefined) return undefined;
  const { name: baseline, scores, forecast } = best;
  const actual = signsOf(task, rows.actual);
  const ours = directionParts(signsOf(task, predicted), actual);
  const theirs = forecast && directionParts(signsOf(task, forecast), actual);
  const difference = (sums: Float64Array) => {
    const cut = ours.columns.length;
    const rival = theirs ? theirs.scores(sums.subarray(cut)).da : scores.da;
    return { da: ours.scores(sums.subarray(0, cut)).da - rival };
  };
  const columns = [...ours.columns, ...(theirs?.columns ?? [])];
  const { da } = difference(Float64Array.from(columns, sumOf));
  const { da: interval } = bootstrapIntervals(columns, difference, { meanBlock });
  if (!Number.isFinite(da) || interval === undefined) return undefined;
  return { metric: 'da', baseline, value: da, low: interval[0], high: interval[1] };
}

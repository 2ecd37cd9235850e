import type { PairedScore, SplitScores } from '#core/api/run-diff.ts';
import { findingText } from '#core/compare/diff-text.ts';
import { headlineMetrics, metricLabel, termOf } from '#core/metrics/glossary.ts';
import { fromEventNumber } from '#core/run/event.ts';
import type { PlacedRun } from './placed-run.ts';

/** One run under one metric. */
interface RunRow {
  readonly placed: PlacedRun;
  readonly value: number;
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Standard deviation between seeds of it and of the base, in words; null where neither is known. */
  readonly spread: string | null;
  /** Half the width of what two seeds alone would differ by: two deviations; null where not known. */
  readonly seeds: number | null;
  readonly says: string;
  readonly finding: PairedScore['finding'];
}

/** A metric with the score of the base and of each run that has it. */
interface MetricRows {
  readonly metric: string;
  readonly label: string;
  readonly explanation: string;
  readonly better: 'higher' | 'lower';
  readonly base: number;
  /** Largest distance from 0 of any end of an interval. */
  readonly reach: number;
  readonly rows: readonly RunRow[];
}

/** Scores of one split by metric, in the order in which people look at them. */
export function scoreRows(
  scores: Pick<SplitScores, 'base' | 'runs'>,
  [base, ...others]: readonly PlacedRun[],
  hasSeeds: boolean,
): readonly MetricRows[] {
  return headlineMetrics.flatMap((metric): readonly MetricRows[] => {
    const term = termOf(metric);
    if (!(metric in scores.base) || term === undefined) return [];
    const rows = others.flatMap((placed): readonly RunRow[] => {
      const score = scores.runs.find(({ id }) => id === placed.run.id)?.scores.find((one) => one.metric === metric);
      return score === undefined ? [] : [rowOf(metric, score, base, placed, hasSeeds)];
    });
    const ends = rows.flatMap(({ low, high, difference }) => [low ?? 0, high ?? 0, difference]);
    return [
      {
        metric,
        label: metricLabel(metric),
        explanation: term.explanation,
        better: term.better ?? 'higher',
        base: fromEventNumber(scores.base[metric]),
        reach: Math.max(...ends.map((end) => (Number.isFinite(end) ? Math.abs(end) : 0))),
        rows,
      },
    ];
  });
}

function rowOf(metric: string, score: PairedScore, base: PlacedRun, placed: PlacedRun, hasSeeds: boolean): RunRow {
  const known = [base, placed].flatMap(({ label, run }) => {
    const spread = hasSeeds ? run.seeds.spread[metric] : undefined;
    return spread === undefined ? [] : [{ label, ...spread }];
  });
  const [one, other = one] = known;
  return {
    placed,
    value: fromEventNumber(score.value),
    difference: fromEventNumber(score.difference),
    low: score.low,
    high: score.high,
    spread:
      known.length === 0
        ? null
        : known.map(({ label, sd, n }) => `${label} ± ${Number(sd.toPrecision(2))} of ${n}`).join(', '),
    seeds: known.length === 0 ? null : 2 * Math.hypot(one.sd, other.sd),
    says: findingText(score),
    finding: score.finding,
  };
}

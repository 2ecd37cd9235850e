import type { Finding, PairedScore, SplitScores } from '#core/api/run-diff.ts';
import { metricLabel, termOf } from '#core/metrics/glossary.ts';
import { toEventNumber } from '#core/run/event.ts';
import { noSharedRows, placesOf, sharedTimes, whyApart } from '#core/shared-rows/alike.ts';
import type { Forecasts } from '#core/shared-rows/forecasts.ts';
import { outcomesOf } from '#core/shared-rows/outcomes.ts';
import { type TargetKind, targetOf } from '#core/targets/registry.ts';
import { holm } from './holm.ts';
import { pairScores, type PlacedForecasts } from './paired-scores.ts';

/** A run with what it said of the rows of one split. */
export interface DiffedRun {
  readonly id: string;
  readonly number: number;
  /** Bars ahead. */
  readonly horizon: number;
  readonly kinds: ReadonlyMap<string, TargetKind>;
  readonly forecasts: Forecasts;
}

/** A run, and the reason why its scores do not stand beside those of the base; null where they do. */
interface Candidate {
  readonly run: DiffedRun;
  readonly reason: string | null;
}

/**
 * Scores of runs less those of the first, their base, on the rows that all of them predicted whose outcomes are those of
 * the base (METRICS.md#two-runs). A run of other outcomes, or without a row of the base, says why it has no scores; the
 * others are scored as if it were not there.
 */
export function splitScores(runs: readonly DiffedRun[]): SplitScores {
  const [base, ...others] = runs;
  const candidates = others.map((run): Candidate => ({ run, reason: whyNotBeside(base, run) }));
  const beside = candidates.filter(({ reason }) => reason === null).map(({ run }) => run);
  const common = sharedTimes([base, ...beside].map(({ forecasts }) => forecasts));
  const place = (run: DiffedRun) => ({ ...run, rows: placesOf(run.forecasts.time, common) });
  const own = place(base);
  const placed = new Map(common.length === 0 ? [] : beside.map((run) => [run.id, place(run)] as const));
  const pairs = new Map([...placed].map(([id, run]) => [id, pairScores(own, run, base.horizon)] as const));
  const adjusted = adjust([...pairs.values()]);
  const scored = candidates.map(({ run, reason }) => ({
    id: run.id,
    rows: run.forecasts.time.length,
    reason: reason ?? (common.length === 0 ? noSharedRows : null),
    same: saysTheSame(own, placed.get(run.id)),
    scores: (pairs.get(run.id) ?? []).map(({ metric, base: from, value, interval, rows, test }): PairedScore => {
      const tested = test && { ...test, adjusted: adjusted.get(test) ?? test.p };
      const difference = value - from;
      return {
        metric,
        value: toEventNumber(value),
        difference: toEventNumber(difference),
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
        rows,
        test: tested,
        finding: findingOf(metric, difference, interval, tested?.adjusted ?? null),
        withinSeeds: null,
      };
    }),
  }));
  const ofBase = [...pairs.values()].flat().map(({ metric, base: value }) => [metric, toEventNumber(value)] as const);
  return {
    reason: pairs.size > 0 ? null : scored.map(({ reason }) => reason).join(' '),
    n: pairs.size > 0 ? common.length : 0,
    nEff: pairs.size > 0 ? common.length / base.horizon : 0,
    from: pairs.size > 0 ? common[0] : null,
    to: pairs.size > 0 ? common[common.length - 1] : null,
    base: Object.fromEntries(ofBase),
    runs: scored,
    notes: missingWords(base, beside, pairs),
  };
}

/** Why the scores of a run do not stand beside those of the base; null where they do. */
export function whyNotBeside(base: DiffedRun, run: DiffedRun): string | null {
  const times = sharedTimes([base.forecasts, run.forecasts]);
  if (times.length === 0) return `R${base.number} and R${run.number} predicted no instant in common.`;
  const [one, other] = [base, run].map(({ number, forecasts, kinds, horizon }) => ({
    number,
    outcomes: outcomesOf(forecasts, kinds, horizon, placesOf(forecasts.time, times)),
  }));
  return whyApart(one, other, times.length);
}

type Tested = NonNullable<ReturnType<typeof pairScores>[number]['test']>;

/** p of each test for as many runs as there are of its metric. */
function adjust(runs: readonly ReturnType<typeof pairScores>[]): ReadonlyMap<Tested, number> {
  const tests = Map.groupBy(
    runs.flat().flatMap(({ metric, test }) => (test === null ? [] : [{ metric, test }])),
    ({ metric }) => metric,
  );
  return new Map(
    [...tests.values()].flatMap((group) => {
      const adjusted = holm(group.map(({ test }) => test.p));
      return group.map(({ test }, at) => [test, adjusted[at]] as const);
    }),
  );
}

/** Shown where the interval leaves 0 and, where there is a test, that agrees at 5 %. */
function findingOf(
  metric: string,
  difference: number,
  interval: readonly [number, number] | null,
  p: number | null,
): Finding {
  if (interval === null || !Number.isFinite(difference)) return 'unknown';
  const [low, high] = interval;
  const isShown = (low > 0 || high < 0) && (p === null ? untested.has(metric) : p < 0.05);
  if (!isShown) return 'none';
  return difference > 0 === (termOf(metric)?.better === 'higher') ? 'better' : 'worse';
}

/** Metrics that are no mean of losses: of these the interval alone decides. */
const untested: ReadonlySet<string> = new Set(['f1', 'ic']);

function saysTheSame(one: PlacedForecasts, other: PlacedForecasts | undefined): boolean {
  if (other === undefined) return false;
  const tasks = other.forecasts.tasks.map(({ task }) => task);
  return (
    tasks.length === one.forecasts.tasks.length &&
    one.forecasts.tasks.every(({ task, prediction }) => {
      const theirs = other.forecasts.tasks.find((each) => each.task === task)?.prediction;
      return theirs !== undefined && one.rows.every((row, i) => prediction[row] === theirs[other.rows[i]]);
    })
  );
}

/** Of each run what it forecasts and the base does not, and the other way round, with the scores that it has not. */
function missingWords(
  base: DiffedRun,
  beside: readonly DiffedRun[],
  pairs: ReadonlyMap<string, ReturnType<typeof pairScores>>,
): readonly string[] {
  const all = [...new Set([...pairs.values()].flat().map(({ metric }) => metric))];
  const ours = new Set(base.kinds.values());
  return beside.flatMap((run) => {
    const theirs = new Set(run.kinds.values());
    const alone = [...ours.symmetricDifference(theirs)].map(
      (kind) => `R${(ours.has(kind) ? base : run).number} alone forecasts ${targetOf(kind).phrase}`,
    );
    if (alone.length === 0) return [];
    const own = new Set(pairs.get(run.id)?.map(({ metric }) => metric));
    const lacking = all.filter((metric) => !own.has(metric)).map(metricLabel);
    const what =
      lacking.length === 0 ? 'the scores of that are left out' : `R${run.number} has no ${lacking.join(', ')}`;
    return [`${alone.join(', ')}: ${what}.`];
  });
}

import type { ScoredRun, SharedScores } from '#core/api/shared-scores.ts';
import { barToBeat } from '#core/metrics/bar-to-beat.ts';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import { termOf } from '#core/metrics/glossary.ts';
import { nameMetrics } from '#core/metrics/metric-names.ts';
import { scoreRows } from '#core/metrics/scored-rows.ts';
import { fromEventNumber, toEventNumber } from '#core/run/event.ts';
import type { Edge } from '#core/run/result.ts';
import type { TargetKind } from '#core/targets/registry.ts';
import { isSameOutcome, noSharedRows, placesOf, sharedTimes, whyApart } from './alike.ts';
import type { Forecasts } from './forecasts.ts';
import { knownTasks } from './known-tasks.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';

/** A run with what it said of its validation rows. */
export interface ForecastedRun {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** Bars ahead. */
  readonly horizon: number;
  readonly kinds: ReadonlyMap<string, TargetKind>;
  readonly forecasts: Forecasts;
  /** Accuracy, on its own validation rows, of always saying the commoner side of its train rows; NaN where not known. */
  readonly majority: number;
  /** Over its best baseline, on its own validation rows; null in runs of older versions. */
  readonly edge: Edge | null;
}

/** Scores that are compared, and with them the interval and the number of rows. What needs the train rows is not known. */
const compared = ['da', 'f1', 'rmse', 'mae', 'ic', 'log_loss', 'brier'];
const told = [...compared, 'da_low', 'da_high', 'n', 'n_eff'];

/**
 * Validation scores of runs on the decision instants that all of them predicted. Scores stand beside each other only
 * where the outcomes there are the same: runs fall into groups of equal outcomes, and one that is alone in its group
 * has no scores, for there is nothing to compare them with.
 *
 * @param tried runs that were made on these rows, of which those that are compared are some
 */
export function scoreSharedRows(runs: readonly ForecastedRun[], tried = 0): SharedScores {
  const shared = sharedTimes(runs.map(({ forecasts }) => forecasts));
  const placed = runs.map((run) => {
    const rows = placesOf(run.forecasts.time, shared);
    return { run, rows, outcomes: outcomesOf(run.forecasts, run.kinds, run.horizon, rows) };
  });
  const groups: (typeof placed)[] = [];
  for (const each of placed) {
    const own = groups.find((group) => group.every(({ outcomes }) => isSameOutcome(each.outcomes, outcomes)));
    if (own === undefined) groups.push([each]);
    else own.push(each);
  }
  const scored = groups.flatMap((group, index) => {
    const isScored = group.length > 1 && shared.length > 0;
    const scores = group.map(({ run, rows }) => (isScored ? scoresOf(run, rows) : null));
    return group.map(({ run }, at): ScoredRun => {
      const { id, number, name, horizon, edge, forecasts } = run;
      const own = Object.entries(scores[at] ?? {});
      return {
        id,
        number,
        name,
        horizon,
        rows: forecasts.time.length,
        group: index,
        scores: isScored ? Object.fromEntries(own.map(([metric, value]) => [metric, toEventNumber(value)])) : null,
        best: own.flatMap(([metric]) => (isBest(metric, at, scores) ? metric : [])),
        edge,
      };
    });
  });
  const reason = whyNotComparable(shared.length, groups);
  return {
    n: shared.length,
    from: shared.at(0) ?? null,
    to: shared.at(-1) ?? null,
    comparable: reason === null,
    reason,
    luck: reason === null ? luckOf(scored, runs[0].majority, Math.max(tried, runs.length)) : null,
    runs: runs.flatMap(({ id }) => scored.find((run) => run.id === id) ?? []),
  };
}

/** Against the bar that the runs themselves are held to; NaN in any of them leaves nothing to compare with. */
function luckOf(runs: readonly ScoredRun[], majority: number, tried: number): SharedScores['luck'] {
  const counts = runs.map(({ scores }) => fromEventNumber(scores?.['n_eff'] ?? NaN));
  const value = bestByLuck(tried, Math.min(...counts), barToBeat(majority));
  return Number.isFinite(value) ? { metric: 'da', runs: tried, value } : null;
}

function scoresOf({ forecasts, kinds, horizon }: ForecastedRun, rows: readonly number[]): Record<string, number> {
  const tasks = knownTasks(forecasts, kinds);
  const scores = tasks.map(({ kind, target, prediction }) => {
    // A row without a label (a price that stayed has no direction) is no row of this task.
    const labelled = rows.filter((row) => !Number.isNaN(target[row]));
    const at = (values: readonly number[]) => Float64Array.from(labelled, (row) => values[row]);
    const unlabelled = rows.length - labelled.length;
    const scored = { rows: Int32Array.from(labelled), actual: at(target), unlabelled };
    return scoreRows({ kind, mean: NaN, sd: NaN }, at(prediction), scored, horizon);
  });
  const named = nameMetrics(tasks, scores);
  return Object.fromEntries(Object.entries(named).filter(([metric]) => told.includes(metric)));
}

/** Whether the score at this place is better than every other; NaN is better than none, and ties have no best. */
function isBest(metric: string, at: number, scores: readonly (Readonly<Record<string, number>> | null)[]): boolean {
  if (!compared.includes(metric)) return false;
  const own = scores[at]?.[metric];
  if (own === undefined || !Number.isFinite(own)) return false;
  const isHigher = termOf(metric)?.better === 'higher';
  return scores.every((other, place) => {
    const value = other?.[metric];
    if (place === at) return true;
    if (value === undefined || Number.isNaN(value)) return value !== undefined;
    return isHigher ? own > value : own < value;
  });
}

interface Placed {
  readonly run: ForecastedRun;
  readonly outcomes: Outcomes;
}

function whyNotComparable(n: number, groups: readonly (readonly Placed[])[]): string | null {
  if (n === 0) return noSharedRows;
  if (groups.length === 1) return null;
  const [first, second] = groups.map(([{ run, outcomes }]) => ({ number: run.number, outcomes }));
  return whyApart(first, second, n);
}

import { bootstrapIntervals } from '#core/metrics/bootstrap.ts';
import { dieboldMariano } from '#core/metrics/diebold-mariano.ts';
import { directionParts } from '#core/metrics/direction-score.ts';
import { headlineTasks } from '#core/metrics/metric-names.ts';
import { probabilityLosses, probabilityParts } from '#core/metrics/probability-score.ts';
import { regressionParts } from '#core/metrics/regression.ts';
import { columnOf, joinParts, scoreAll, type ScoreParts } from '#core/metrics/score-parts.ts';
import { signsOf } from '#core/metrics/scored-rows.ts';
import type { Forecasts } from '#core/shared-rows/forecasts.ts';
import { knownTasks } from '#core/shared-rows/known-tasks.ts';
import { type TargetKind, targetOf } from '#core/targets/registry.ts';

/** What a run said of the common rows. */
export interface PlacedForecasts {
  readonly kinds: ReadonlyMap<string, TargetKind>;
  readonly forecasts: Forecasts;
  /** Places of the common rows in the columns, in their order. */
  readonly rows: readonly number[];
}

/** One score of two runs on the same rows. */
interface Pair {
  readonly metric: string;
  readonly base: number;
  readonly value: number;
  /** 95 % interval of value − base; null where the rows are too few. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Rows that have a label of this score's task. */
  readonly rows: number;
  /** Diebold–Mariano: above 0 where the run is better than the base, and two-sided. */
  readonly test: { readonly statistic: number; readonly p: number } | null;
}

/** Loss of each row, of which the mean is a score or grows with it. */
interface Losses {
  readonly base: Float64Array;
  readonly run: Float64Array;
}

/** Scores of one task of each run on the rows that both have a label of. */
interface Panel {
  readonly rows: number;
  readonly base: ScoreParts;
  readonly run: ScoreParts;
  /** By metric; null where it is no mean of losses. */
  readonly metrics: Readonly<Record<string, Losses | null>>;
}

interface Column {
  readonly kind: TargetKind;
  readonly actual: Float64Array;
  readonly said: Float64Array;
}

/**
 * Every score that two runs have in common, on rows whose outcomes both saw alike (METRICS.md#two-runs): of the side of
 * each its first direction task, else the sign of its first return; log loss and Brier score where both say
 * probabilities; errors of the return where both forecast one. Differences have the interval of a paired bootstrap: both
 * are scored on the same resamples.
 */
export function pairScores(base: PlacedForecasts, run: PlacedForecasts, horizon: number): readonly Pair[] {
  return [sidePanel(base, run), numberPanel(base, run)].flatMap((panel) =>
    panel === null ? [] : pairsOf(panel, horizon),
  );
}

function pairsOf(panel: Panel, horizon: number): readonly Pair[] {
  const own = scoreAll(panel.base);
  const other = scoreAll(panel.run);
  const cut = panel.base.columns.length;
  const metrics = Object.keys(panel.metrics);
  const intervals = bootstrapIntervals(
    [...panel.base.columns, ...panel.run.columns],
    (sums) => {
      const [first, second] = [panel.base.scores(sums.subarray(0, cut)), panel.run.scores(sums.subarray(cut))];
      return Object.fromEntries(metrics.map((metric) => [metric, second[metric] - first[metric]]));
    },
    { meanBlock: Math.max(horizon, 20) },
  );
  return metrics.map((metric) => {
    const losses = panel.metrics[metric];
    const outcome = losses && dieboldMariano(losses.run, losses.base, horizon);
    return {
      metric,
      base: own[metric],
      value: other[metric],
      interval: intervals[metric] ?? null,
      rows: panel.rows,
      test: outcome && { statistic: outcome.statistic, p: 2 * Math.min(outcome.p, 1 - outcome.p) },
    };
  });
}

function sidePanel(base: PlacedForecasts, run: PlacedForecasts): Panel | null {
  const pair = labelled(columnsOf(base, 'sides'), columnsOf(run, 'sides'));
  if (pair === null) return null;
  const { rows } = pair;
  const sides = [pair.base, pair.run].map(({ kind, actual, said }) => ({
    actual: signsOf({ kind }, actual),
    said: signsOf({ kind }, said),
  }));
  const [own, other] = sides.map(({ said, actual }) => directionParts(said, actual));
  const decided = Int32Array.from({ length: rows }, (_, i) => i).filter((i) =>
    sides.every(({ said, actual }) => said[i] !== 0 && actual[i] !== 0),
  );
  const [missed, missedToo] = sides.map(({ said, actual }) =>
    columnOf(decided.length, (i) => (said[decided[i]] > 0 === actual[decided[i]] > 0 ? 0 : 1)),
  );
  const metrics = { da: { base: missed, run: missedToo }, f1: null };
  const areProbabilities = [pair.base, pair.run].every(({ kind }) => targetOf(kind).scale.name === 'binary');
  if (!areProbabilities) return { rows, base: own, run: other, metrics };
  const [ownLosses, otherLosses] = [pair.base, pair.run].map(({ said, actual }) => probabilityLosses(said, actual));
  return {
    rows,
    base: joinParts(own, probabilityParts(pair.base.said, pair.base.actual)),
    run: joinParts(other, probabilityParts(pair.run.said, pair.run.actual)),
    metrics: {
      ...metrics,
      log_loss: { base: ownLosses.log, run: otherLosses.log },
      brier: { base: ownLosses.squared, run: otherLosses.squared },
    },
  };
}

function numberPanel(base: PlacedForecasts, run: PlacedForecasts): Panel | null {
  const pair = labelled(columnsOf(base, 'numbers'), columnsOf(run, 'numbers'));
  if (pair === null) return null;
  const errors = ({ said, actual }: Column, loss: (error: number) => number) =>
    columnOf(actual.length, (i) => loss(said[i] - actual[i]));
  const losses = (loss: (error: number) => number) => ({ base: errors(pair.base, loss), run: errors(pair.run, loss) });
  return {
    rows: pair.rows,
    base: regressionParts(pair.base.said, pair.base.actual, NaN),
    run: regressionParts(pair.run.said, pair.run.actual, NaN),
    metrics: { rmse: losses((error) => error * error), mae: losses(Math.abs), ic: null },
  };
}

/** The task of a run whose scores stand without a task name, at the common rows; null where it has none. */
function columnsOf({ kinds, forecasts, rows }: PlacedForecasts, which: 'sides' | 'numbers'): Column | null {
  const tasks = knownTasks(forecasts, kinds);
  const task = tasks[headlineTasks(tasks)[which]];
  if (task === undefined) return null;
  const at = (values: readonly number[]) => Float64Array.from(rows, (row) => values[row]);
  return { kind: task.kind, actual: at(task.target), said: at(task.prediction) };
}

/** Both cut to the rows where both have a label; a price that stayed has no direction. */
function labelled(base: Column | null, run: Column | null) {
  if (base === null || run === null) return null;
  const has = (i: number) => !Number.isNaN(base.actual[i]) && !Number.isNaN(run.actual[i]);
  const kept = ({ kind, actual, said }: Column): Column => ({
    kind,
    actual: actual.filter((_, i) => has(i)),
    said: said.filter((_, i) => has(i)),
  });
  const cut = { base: kept(base), run: kept(run) };
  return { ...cut, rows: cut.base.actual.length };
}

import type { DiffForecasts } from '#core/api/run-diff.ts';
import { decimate } from '#core/chart/decimate.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { headlineTasks } from '#core/metrics/metric-names.ts';
import { toEventNumber } from '#core/run/event.ts';
import { type KnownTask, knownTasks } from '#core/shared-rows/known-tasks.ts';
import { targetOf } from '#core/targets/registry.ts';
import type { DiffedRun } from './split-scores.ts';

/** Closes by the moment at which each is known, ms UTC. */
export interface KnownCloses {
  readonly time: Float64Array;
  readonly close: Float64Array;
}

interface Wanted {
  /** First and last instant of which rows are wanted, ms UTC. */
  readonly from: number;
  readonly to: number;
  /** Values, over all runs, that are given at most. */
  readonly most: number;
}

/** Buckets of the price over the whole span: a strip of some hundred pixels. */
const overviewBuckets = 250;
/** Stretches that are told at most. */
const mostStretches = 10_000;

type Forecasts = Omit<DiffForecasts, 'left' | 'noPrice'>;

/**
 * What runs, the first of which is the base, said at the instants of any of them, beside the price known then. Probabilities
 * of up where all forecast one, else returns, else sides. Where there are more rows than are given at once, they begin at
 * `from`.
 */
export function forecastsBeside(runs: readonly DiffedRun[], closes: KnownCloses | null, wanted: Wanted): Forecasts {
  const lines = runs.map((run) => linesOf(run));
  const what = lines.every(({ probability }) => probability !== null)
    ? 'probability'
    : lines.every(({ value }) => value !== null)
      ? 'return'
      : 'side';
  const [base] = runs;
  const span = spanOf(base.forecasts.time);
  const all = Float64Array.from(new Set(runs.flatMap(({ forecasts }) => forecasts.time))).sort();
  const most = Math.max(1, Math.floor(wanted.most / (runs.length + 1)));
  const isWhole = all.length <= most;
  const first = isWhole ? 0 : Math.max(0, Math.min(lowerBound(all, wanted.from), all.length - most));
  const last = isWhole
    ? all.length
    : Math.min(all.length, first + most, Math.max(first + 1, lowerBound(all, wanted.to) + 1));
  const time = all.subarray(first, last);
  const values = runs.map(({ id }, at) => {
    const { places, probability, value, side } = lines[at];
    const column = what === 'probability' ? probability : what === 'return' ? value : side;
    return [id, Array.from(time, (instant) => toEventNumber(column?.(places.get(instant)) ?? NaN))] as const;
  });
  return {
    what,
    span,
    isWhole,
    rows: {
      time: [...time],
      values: Object.fromEntries(values),
      close: closes && Array.from(time, (instant) => toEventNumber(closeAt(closes, instant))),
    },
    overview: closes && overviewOf(closes, span),
    disagreements: disagreements(base.forecasts.time, lines),
  };
}

/** How a run's forecasts are read at a row, undefined where it has none there. */
interface Lines {
  readonly places: ReadonlyMap<number, number>;
  readonly probability: Read | null;
  readonly value: Read | null;
  /** 1 up, −1 down, 0 neither. */
  readonly side: Read;
}
type Read = (row: number | undefined) => number;

function linesOf({ kinds, forecasts }: DiffedRun): Lines {
  const tasks = knownTasks(forecasts, kinds);
  const first = headlineTasks(tasks);
  const read = (task: KnownTask | undefined): Read | null =>
    task === undefined ? null : (row) => (row === undefined ? NaN : task.prediction[row]);
  const sided = tasks[first.sides];
  const { scale } = targetOf(sided.kind);
  const own = read(sided);
  return {
    places: new Map(forecasts.time.map((instant, row) => [instant, row])),
    probability: scale.name === 'binary' ? own : null,
    value: read(tasks[first.numbers]),
    side: (row) => Math.sign((own?.(row) ?? NaN) - scale.middle),
  };
}

/** Rows of the base, one behind the other, at which a run says the opposite. */
function disagreements(times: readonly number[], [base, ...others]: readonly Lines[]): Forecasts['disagreements'] {
  const from: number[] = [];
  const to: number[] = [];
  let isOpen = false;
  for (const instant of times) {
    const side = base.side(base.places.get(instant));
    const isApart = others.some((other) => side * other.side(other.places.get(instant)) < 0);
    if (isApart && !isOpen) {
      if (from.length === mostStretches) break;
      from.push(instant);
      to.push(instant);
    } else if (isApart) to[to.length - 1] = instant;
    isOpen = isApart;
  }
  return { from, to };
}

/** The last close that is known at an instant; NaN before the first. */
function closeAt({ time, close }: KnownCloses, instant: number): number {
  const at = lowerBound(time, instant);
  return time[at] === instant ? close[at] : (close[at - 1] ?? NaN);
}

function overviewOf({ time, close }: KnownCloses, [from, to]: readonly [number, number]): Forecasts['overview'] {
  const kept = decimate(time, close, overviewBuckets, from, to);
  return { time: Array.from(kept, (i) => time[i]), close: Array.from(kept, (i) => toEventNumber(close[i])) };
}

function spanOf(times: readonly number[]): [number, number] {
  return times.length === 0 ? [0, 0] : [times[0], times[times.length - 1]];
}

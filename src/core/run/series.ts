import { thinRows } from '#core/chart/thin-rows.ts';
import { type EventOf, fromEventNumber } from './event.ts';

/** Points of a metric that are held at most: as many as any picture of it shows, some times over. */
const mostPoints = 8000;

/** The points of one metric, in columns that grow; read them through `metricColumn`. */
interface MetricPoints {
  step: Float64Array;
  epoch: Float64Array;
  value: Float64Array;
  time: Float64Array;
  attempt: Int32Array;
  length: number;
  /** What was read of it since the last change. */
  column: MetricColumn | null;
}

/** Every metric of a run by name. A buffer that is appended to in place. */
interface MetricSeries {
  readonly points: Map<string, MetricPoints>;
}

export interface MetricColumn {
  /** Ascending. */
  readonly step: Float64Array;
  readonly epoch: Float64Array;
  readonly value: Float64Array;
  /** When it was measured, ms UTC; not ascending where an attempt was given up, NaN where it is not known. */
  readonly time: Float64Array;
}

export function emptySeries(): MetricSeries {
  return { points: new Map() };
}

/** Puts what is known of a metric in place of what there is. */
export function loadMetric(
  series: MetricSeries,
  name: string,
  { step, epoch, value, time, attempt }: Omit<MetricPoints, 'length' | 'column'>,
): void {
  series.points.set(name, { step, epoch, value, time, attempt, length: step.length, column: null });
}

/** Half as many points as may be held, by the rule of every picture: of each stretch the ends and the extremes stay. */
function thinned(points: MetricPoints): MetricPoints {
  const { step, epoch, value, time, attempt, length } = points;
  const all = Array.from({ length }, (_, at) => at);
  const kept = thinRows(all, mostPoints / 2, { at: (at) => step[at], readings: [(at) => value[at]] });
  const pick = (column: Float64Array) => Float64Array.from(kept, (at) => column[at]);
  return {
    step: pick(step),
    epoch: pick(epoch),
    value: pick(value),
    time: pick(time),
    attempt: Int32Array.from(kept, (at) => attempt[at]),
    length: kept.length,
    column: null,
  };
}

function grown(points: MetricPoints): MetricPoints {
  const size = Math.max(64, points.step.length * 2);
  const copy = (from: Float64Array) => {
    const to = new Float64Array(size);
    to.set(from);
    return to;
  };
  const attempt = new Int32Array(size);
  attempt.set(points.attempt);
  const { step, epoch, value, time } = points;
  return { ...points, step: copy(step), epoch: copy(epoch), value: copy(value), time: copy(time), attempt };
}

const none: MetricPoints = {
  step: new Float64Array(0),
  epoch: new Float64Array(0),
  value: new Float64Array(0),
  time: new Float64Array(0),
  attempt: new Int32Array(0),
  length: 0,
  column: null,
};

/**
 * Adds a metric event's values, in the order of steps. After a resume steps repeat: of one step the highest attempt
 * counts, and of one attempt the newest value, which is how `/metrics` and metrics.csv read the same events. Of a metric
 * with more than `mostPoints` some are left out.
 */
export function appendMetric(
  series: MetricSeries,
  event: Pick<EventOf<'metric'>, 'step' | 'epoch' | 'values' | 'attempt' | 'at'>,
): void {
  const [epoch, time] = [fromEventNumber(event.epoch), Date.parse(event.at)];
  for (const [name, value] of Object.entries(event.values)) {
    let points = series.points.get(name) ?? none;
    let at = points.length;
    while (at > 0 && points.step[at - 1] > event.step) at--;
    if (at > 0 && points.step[at - 1] === event.step) {
      at--;
      if (points.attempt[at] > event.attempt) continue;
    } else {
      if (points.length === mostPoints) {
        points = thinned(points);
        while (at > 0 && (at > points.length || points.step[at - 1] > event.step)) at--;
      }
      if (points.length === points.step.length) points = grown(points);
      for (const column of [points.step, points.epoch, points.value, points.time, points.attempt]) {
        column.copyWithin(at + 1, at, points.length);
      }
      points.length++;
    }
    points.step[at] = event.step;
    points.epoch[at] = epoch;
    points.value[at] = fromEventNumber(value);
    points.time[at] = time;
    points.attempt[at] = event.attempt;
    points.column = null;
    series.points.set(name, points);
  }
}

/** Views on the stored points of a metric, the same object until they change; empty where there is none. */
export function metricColumn(series: MetricSeries, name: string): MetricColumn {
  const points = series.points.get(name) ?? none;
  const { step, epoch, value, time, length } = points;
  points.column ??= {
    step: step.subarray(0, length),
    epoch: epoch.subarray(0, length),
    value: value.subarray(0, length),
    time: time.subarray(0, length),
  };
  return points.column;
}

/** Names seen so far, in the order in which they came. */
export function metricNames(series: MetricSeries): readonly string[] {
  return [...series.points.keys()];
}

import { type EventNumber, type EventOf, fromEventNumber } from '#core/run/event.ts';

export interface ResultRow {
  readonly metric: string;
  readonly value: number;
  /** Interval of the value, where the result gives one as `<metric>_low` and `<metric>_high`. */
  readonly low: number | null;
  readonly high: number | null;
  /** One a baseline, in the order of `baselines`; null where it says nothing on this metric. */
  readonly baselines: readonly (number | null)[];
}

const headline = ['da', 'f1', 'rmse', 'mae', 'r2', 'ic'];

/** Rows to look at first, in their order, and the rest: counts, other scores and those of each task. */
export function splitRows(rows: readonly ResultRow[]): {
  readonly first: readonly ResultRow[];
  readonly rest: readonly ResultRow[];
} {
  return {
    first: headline.flatMap((metric) => rows.find((row) => row.metric === metric) ?? []),
    rest: rows.filter((row) => !headline.includes(row.metric)),
  };
}

/**
 * A result as a table: a row a metric, a column a naive forecast. Ends of an interval stand beside their metric and
 * not as rows of their own; a baseline that says nothing on any row is left out.
 */
export function arrangeResult(result: Pick<EventOf<'result'>, 'metrics' | 'baselines'>): {
  readonly rows: readonly ResultRow[];
  readonly baselines: readonly string[];
} {
  const names = Object.keys(result.metrics);
  const isEnd = (name: string) => /_(low|high)$/.test(name) && names.includes(name.replace(/_(low|high)$/, ''));
  const metrics = names.filter((name) => !isEnd(name));
  const baselines = Object.keys(result.baselines).filter((name) =>
    metrics.some((metric) => result.baselines[name][metric] !== undefined),
  );
  const rows = metrics.map((metric) => ({
    metric,
    value: fromEventNumber(result.metrics[metric]),
    low: numberOf(result.metrics[`${metric}_low`]),
    high: numberOf(result.metrics[`${metric}_high`]),
    baselines: baselines.map((name) => numberOf(result.baselines[name][metric])),
  }));
  return { rows, baselines };
}

function numberOf(value: EventNumber | undefined): number | null {
  return value === undefined ? null : fromEventNumber(value);
}

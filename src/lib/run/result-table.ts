import { baselineTerms, termOf } from '#core/metrics/glossary.ts';
import { type EventNumber, type EventOf, fromEventNumber } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { ChartTable } from '#lib/chart/table.ts';

export interface ResultRow {
  /** As events name it: `da`, `ret.rmse`. */
  readonly metric: string;
  readonly label: string;
  /** What it is, for a person who points at it. */
  readonly explanation: string;
  readonly value: number;
  /** Interval of the value, where the result gives one as `<metric>_low` and `<metric>_high`. */
  readonly low: number | null;
  readonly high: number | null;
  /** One a baseline, in the order of `baselines`; null where it says nothing on this metric. */
  readonly baselines: readonly (number | null)[];
  /** The naive forecast that does best on this metric; null where there is none, or neither way is better. */
  readonly toBeat: { readonly baseline: string; readonly label: string; readonly value: number } | null;
  /** Outcome of the check of this metric, and which naive forecast does better than the model; empty for neither. */
  readonly says: string;
}

const headline = ['da', 'f1', 'log_loss', 'brier', 'rmse', 'mae', 'r2', 'ic'];

/** Which check judges which metric. */
const judges: Readonly<Record<string, string>> = { da: 'direction', f1: 'f1', rmse: 'zero' };

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
export function arrangeResult(
  result: Pick<EventOf<'result'>, 'metrics' | 'baselines'> & Partial<Pick<EventOf<'result'>, 'checks'>>,
): {
  readonly rows: readonly ResultRow[];
  readonly baselines: readonly string[];
} {
  const names = Object.keys(result.metrics);
  const isEnd = (name: string) => /_(low|high)$/.test(name) && names.includes(name.replace(/_(low|high)$/, ''));
  const metrics = names.filter((name) => !isEnd(name));
  const baselines = Object.keys(result.baselines).filter((name) =>
    metrics.some((metric) => result.baselines[name][metric] !== undefined),
  );
  const rows = metrics.map((metric): ResultRow => {
    const term = termOf(metric);
    const task = metric.includes('.') ? `${metric.slice(0, metric.lastIndexOf('.'))}: ` : '';
    const values = baselines.map((name) => numberOf(result.baselines[name][metric]));
    const value = fromEventNumber(result.metrics[metric]);
    const toBeat = bestOf(baselines, values, term?.better ?? null);
    const judged = result.checks?.find(({ code }) => code !== undefined && code === judges[metric])?.name;
    const isBeaten = toBeat !== null && (term?.better === 'higher' ? toBeat.value > value : toBeat.value < value);
    return {
      metric,
      label: task + (term?.label ?? metric),
      explanation: term?.explanation ?? '',
      value,
      low: numberOf(result.metrics[`${metric}_low`]),
      high: numberOf(result.metrics[`${metric}_high`]),
      baselines: values,
      toBeat,
      says: [judged, isBeaten ? `${toBeat.label} does better` : undefined].filter(Boolean).join('; '),
    };
  });
  return { rows, baselines };
}

function bestOf(
  names: readonly string[],
  values: readonly (number | null)[],
  better: 'higher' | 'lower' | null,
): ResultRow['toBeat'] {
  if (better === null) return null;
  const sign = better === 'higher' ? 1 : -1;
  let best: ResultRow['toBeat'] = null;
  for (const [k, value] of values.entries()) {
    if (value === null || !Number.isFinite(value)) continue;
    if (best !== null && sign * value <= sign * best.value) continue;
    best = { baseline: names[k], label: baselineTerms[names[k]]?.label ?? names[k], value };
  }
  return best;
}

/** Every number of the results that are open, in full, a line a split and metric. */
export function toResultsTable(results: RunView['results']): ChartTable {
  const splits = Object.entries(results).map(([split, result]) => ({ split, ...arrangeResult(result) }));
  const baselines = [...new Set(splits.flatMap((one) => one.baselines))];
  return {
    columns: ['split', 'metric', 'value', 'low', 'high', ...baselines],
    rows: splits.flatMap(({ split, rows, baselines: own }) =>
      rows.map(({ metric, value, low, high, baselines: values }) => [
        split,
        metric,
        value,
        low ?? '',
        high ?? '',
        ...baselines.map((name) => (own.includes(name) ? (values[own.indexOf(name)] ?? '') : '')),
      ]),
    ),
  };
}

function numberOf(value: EventNumber | undefined): number | null {
  return value === undefined ? null : fromEventNumber(value);
}

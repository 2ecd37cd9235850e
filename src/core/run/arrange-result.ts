import { baselineTerm, headlineMetrics, metricLabel, termOf } from '#core/metrics/glossary.ts';
import { type EventNumber, type EventOf, fromEventNumber } from './event.ts';

export interface ResultRow {
  /** As events name it: `da`, `ret.rmse`. */
  readonly metric: string;
  readonly label: string;
  /** What it is, for a person who points at it. */
  readonly explanation: string;
  /** Of its values: log return, nats, rows; empty where it has none. */
  readonly unit: string;
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

/** Which check judges which metric. */
const judges: Readonly<Record<string, string>> = { da: 'direction', f1: 'f1', rmse: 'zero' };

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
    const values = baselines.map((name) => numberOf(result.baselines[name][metric]));
    const value = fromEventNumber(result.metrics[metric]);
    const toBeat = bestOf(baselines, values, term?.better ?? null);
    const judged = result.checks?.find(({ code }) => code !== undefined && code === judges[metric])?.name;
    const isBeaten = toBeat !== null && (term?.better === 'higher' ? toBeat.value > value : toBeat.value < value);
    return {
      metric,
      label: metricLabel(metric),
      explanation: term?.explanation ?? '',
      unit: term?.unit ?? '',
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
    best = { baseline: names[k], label: baselineTerm(names[k]).label, value };
  }
  return best;
}

function numberOf(value: EventNumber | undefined): number | null {
  return value === undefined ? null : fromEventNumber(value);
}

/** Rows to look at first, in their order, and the rest: counts, other scores and those of each task. */
export function splitRows(rows: readonly ResultRow[]): {
  readonly first: readonly ResultRow[];
  readonly rest: readonly ResultRow[];
} {
  return {
    first: headlineMetrics.flatMap((metric) => rows.find((row) => row.metric === metric) ?? []),
    rest: rows.filter((row) => !headlineMetrics.includes(row.metric)),
  };
}

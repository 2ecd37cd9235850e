import { barToBeat } from '#core/metrics/bar-to-beat.ts';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import { baselineTerm } from '#core/metrics/glossary.ts';
import { type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { Bar, IntervalRow } from '#lib/chart/interval-plot.ts';

/** Naive forecasts beside the model; those that always say one side, or toss a coin, are the bar to beat. */
const barred = ['majority', 'train_mean', 'coin'];
/** How many: the best ones, and ridge, which is the least that a network should learn. */
const shownNaive = 2;

interface VerdictRows {
  readonly rows: readonly IntervalRow[];
  readonly bars: readonly Bar[];
}

/**
 * Directional accuracy on validation of a run, its parent and naive forecasts, with what is to be beaten: always one
 * side or a coin, and what luck alone would give the best of the runs of these rows. Null where the result has none.
 *
 * @param label of the run, e.g. R13
 * @param parent where it is scored on the same rows
 * @param runs how many runs are scored on these rows, this one included
 */
export function verdictRows(
  result: RunView['results'][string],
  label: string,
  parent: RunSummary | null,
  runs: number,
): VerdictRows | null {
  const of = (values: Readonly<Record<string, EventNumber>>, name: string): number | null => {
    const value = values[name];
    return value === undefined || !Number.isFinite(fromEventNumber(value)) ? null : fromEventNumber(value);
  };
  const row = (name: string, values: Readonly<Record<string, EventNumber>>, prefix: string, isMain: boolean) => {
    const value = of(values, `${prefix}da`);
    const ends = { low: of(values, `${prefix}da_low`), high: of(values, `${prefix}da_high`) };
    return value === null ? [] : [{ label: name, value, ...ends, isMain }];
  };
  const own = row(`${label}, this run`, result.metrics, '', true);
  if (own.length === 0) return null;
  const rows = [
    ...own,
    ...(parent === null ? [] : row(`R${parent.number}, its parent`, parent.metrics.best, 'val.', false)),
    ...bestNaive(result).flatMap((name) => row(baselineTerm(name).label, result.baselines[name], '', false)),
  ];
  const majority = of(result.baselines.majority ?? {}, 'da') ?? NaN;
  const bar = barToBeat(majority);
  const luck = bestByLuck(runs, of(result.metrics, 'n_eff') ?? NaN, bar);
  const bars: Bar[] = [{ label: bar > 0.5 ? 'always one side' : 'a coin', value: bar, style: 'dashed' }];
  if (runs > 1 && Number.isFinite(luck)) bars.push({ label: `best of ${runs} by luck`, value: luck, style: 'dotted' });
  return { rows, bars };
}

/** Names of the most accurate naive forecasts and of ridge, the best first. */
function bestNaive({ baselines }: RunView['results'][string]): readonly string[] {
  const accuracy = (name: string) => fromEventNumber(baselines[name].da ?? 'NaN');
  const known = Object.keys(baselines)
    .filter((name) => !barred.includes(name) && Number.isFinite(accuracy(name)))
    .sort((a, b) => accuracy(b) - accuracy(a));
  return known.filter((name, place) => place < shownNaive || name === 'ridge');
}

import { lossMetric } from '#core/run/loss-comparison.ts';
import { rankingKey, selectedMetric } from '#core/run/run-ranking.ts';
import type { RunSummary } from '#core/run/summary.ts';

/** What the table shows of validation: scores of the checkpoint that each run selected. */
export const metricColumns = [
  { key: 'val.da', label: 'val DA', about: 'Validation: share of directions that are right', isMoreBetter: true },
  {
    key: 'val.loss',
    label: 'val loss',
    about: 'Validation loss; runs of other losses or weights have another unit',
    isMoreBetter: false,
  },
  { key: 'val.f1', label: 'val F1', about: 'Validation: mean F1 of up and down', isMoreBetter: true },
  { key: 'val.rmse', label: 'val RMSE', about: 'Validation: error of the return', isMoreBetter: false },
] as const;
type MetricKey = (typeof metricColumns)[number]['key'];

export type SortKey = 'number' | 'state' | MetricKey | 'took' | 'engine' | 'created';

export interface RunOrder {
  readonly key: SortKey;
  readonly down: boolean;
}

/** Runs that stand together in the table, in their order. */
export interface RunGroup {
  /** Key of the rows that all of them are ranked on; null where those are unknown, so that nothing is ranked. */
  readonly rows: string | null;
  /** The loss that all of them have, where it is what they are ranked by; null where it is not, or not known. */
  readonly loss: string | null;
  readonly runs: readonly RunSummary[];
}

/** Which way a column is ordered first: what is good or new from the top. */
export function isDownFirst(key: SortKey): boolean {
  const column = metricColumns.find((known) => known.key === key);
  return column?.isMoreBetter ?? (key !== 'state' && key !== 'engine');
}

/** Whether an order ranks runs by a score, which only those of the same rows may be. */
export function isRanking({ key }: RunOrder): boolean {
  return metricColumns.some((column) => column.key === key);
}

/** ms from start to end, or to `now` while it goes on; null before the start. */
export function tookOf(run: RunSummary, now: number): number | null {
  if (!run.startedAt) return null;
  return (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt);
}

/**
 * The runs in an order that ranks none by a score; those without a value stand last either way, equal ones newest
 * first.
 */
export function orderRuns(runs: readonly RunSummary[], order: RunOrder, now: number): readonly RunSummary[] {
  const { down } = order;
  const valued = runs.map((run) => ({ run, value: valueOf(run, order, now) }));
  return valued
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || newest(a.run, b.run);
      const by = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
      return (down ? -by : by) || newest(a.run, b.run);
    })
    .map(({ run }) => run);
}

/**
 * The runs ranked by a score: a group a key, that of the newest run first, each in its order; then those whose rows are
 * unknown, newest first. Ranked by the loss the runs of a key are a group for each loss that they have, for another loss
 * has another unit.
 */
export function rankRuns(runs: readonly RunSummary[], order: RunOrder, now: number): readonly RunGroup[] {
  const groups = Map.groupBy([...runs].sort(newest), rankingKey);
  const lossOf = ({ loss }: RunSummary) => (order.key === lossMetric ? loss : null);
  const unknown = groups.get(null);
  groups.delete(null);
  return [
    ...[...groups].flatMap(([rows, members]) =>
      [...Map.groupBy(members, lossOf)].map(([loss, each]) => {
        const isRanked = order.key !== lossMetric || loss !== null;
        return { rows, loss, runs: isRanked ? orderRuns(each, order, now) : each };
      }),
    ),
    ...(unknown === undefined ? [] : [{ rows: null, loss: null, runs: unknown }]),
  ];
}

/** A letter for each key, by the age of its oldest run: A, B … Z, then AA. */
export function rowLetters(runs: readonly RunSummary[]): ReadonlyMap<string, string> {
  const keys = [...runs].sort((a, b) => newest(b, a)).flatMap((run) => rankingKey(run) ?? []);
  return new Map([...new Set(keys)].map((key, index) => [key, letterOf(index)]));
}

function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

function newest(a: RunSummary, b: RunSummary): number {
  return b.number - a.number;
}

function valueOf(run: RunSummary, { key }: RunOrder, now: number): number | string | null {
  switch (key) {
    case 'number':
      return run.number;
    case 'state':
      return run.status;
    case 'took':
      return tookOf(run, now);
    case 'engine':
      return run.engine?.name ?? null;
    case 'created':
      return run.createdAt;
    default: {
      const value = selectedMetric(run, key);
      return Number.isFinite(value) ? value : null;
    }
  }
}

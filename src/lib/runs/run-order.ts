import { fromEventNumber } from '#core/run/event.ts';
import type { RunSummary } from '#core/run/summary.ts';

/** Headline metrics of the table: those of the best checkpoint. */
export const metricColumns = [
  { key: 'val.loss', label: 'val loss' },
  { key: 'val.da', label: 'val DA' },
  { key: 'test.da', label: 'test DA' },
  { key: 'test.f1', label: 'test F1' },
  { key: 'test.rmse', label: 'test RMSE' },
] as const;

export type SortKey = 'number' | 'state' | (typeof metricColumns)[number]['key'] | 'took' | 'engine' | 'created';

export interface RunOrder {
  readonly key: SortKey;
  readonly down: boolean;
}

/** Value of a headline metric as it was sent; undefined where the run has none. */
export function metricOf(run: RunSummary, key: string): number | string | undefined {
  return run.metrics.best[key] ?? run.metrics.latest[key];
}

/** ms from start to end, or to `now` while it goes on; null before the start. */
export function tookOf(run: RunSummary, now: number): number | null {
  if (!run.startedAt) return null;
  return (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt);
}

/** The runs in an order; those without a value stand last either way, equal ones newest first. */
export function orderRuns(runs: readonly RunSummary[], { key, down }: RunOrder, now: number): readonly RunSummary[] {
  const valued = runs.map((run) => ({ run, value: valueOf(run, key, now) }));
  return valued
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || newest(a, b);
      const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
      return (down ? -order : order) || newest(a, b);
    })
    .map(({ run }) => run);
}

function newest(a: { readonly run: RunSummary }, b: { readonly run: RunSummary }): number {
  return b.run.number - a.run.number;
}

function valueOf(run: RunSummary, key: SortKey, now: number): number | string | null {
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
      const value = metricOf(run, key);
      const number = value === undefined ? NaN : fromEventNumber(typeof value === 'number' ? value : (value as 'NaN'));
      return Number.isNaN(number) ? null : number;
    }
  }
}

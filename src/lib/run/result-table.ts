import { arrangeResult } from '#core/run/arrange-result.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { ChartTable } from '#lib/chart/table.ts';

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

import type { KnownColumn } from '#core/api/run-table.ts';
import { wordOf } from './group-runs.ts';
import type { RunStock } from './run-index.ts';
import type { ColumnSource, TableColumns } from './table-column.ts';

/** Values that a column names; of one that has more of numbers, none. */
const mostValues = 50;

/** Every column once, with what it holds. */
export function knownColumns({ runs }: RunStock, columns: TableColumns): readonly KnownColumn[] {
  return [...columns].flatMap(([name, source]) => (name === source.key ? [describe(source, runs)] : []));
}

function describe({ column, words, valueOf }: ColumnSource, runs: RunStock['runs']): KnownColumn {
  const counts = new Map<string, number>();
  let [own, low, high] = [0, Infinity, -Infinity];
  const count = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const run of runs) {
    const value = valueOf(run);
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    own++;
    if (Array.isArray(value)) value.forEach(count);
    else if (typeof value === 'number') {
      if (value < low) low = value;
      if (value > high) high = value;
      if (column.part === 'configuration' && counts.size <= mostValues) count(String(value));
    } else count(typeof value === 'string' ? wordOf(value) : String(value));
  }
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
  const isNumeric = low <= high;
  return {
    ...column,
    runs: own,
    values: words ?? (isNumeric && common.length > mostValues ? [] : common.slice(0, mostValues)),
    range: isNumeric && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null,
  };
}

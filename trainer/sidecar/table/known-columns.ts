import type { KnownColumn } from '#core/api/run-table.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import { wordOf } from './group-runs.ts';
import type { RunStock } from './run-index.ts';
import type { ColumnSource, TableColumns } from './table-column.ts';

/** Values that a column names; of one that has more of numbers, none. */
const mostValues = 50;
const mostCounted = 1000;

/** Every column once, with what it holds; those of the test where a run has opened it. Some a turn of the event loop. */
export async function knownColumns({ runs }: RunStock, columns: TableColumns): Promise<readonly KnownColumn[]> {
  const known: KnownColumn[] = [];
  for (const [name, source] of columns) {
    if (name !== source.key) continue;
    const column = describe(source, runs);
    if (column.runs > 0 || !isOfTest(name)) known.push(column);
    await loopTurn();
  }
  return known;
}

function describe({ column, words, valueOf }: ColumnSource, runs: RunStock['runs']): KnownColumn {
  const counts = new Map<number | string | boolean, number>();
  let [own, low, high] = [0, Infinity, -Infinity];
  const isNamed = column.part !== 'metric' && column.kind !== 'date';
  const count = (value: number | string | boolean) => {
    const before = counts.get(value);
    if (before !== undefined) counts.set(value, before + 1);
    else if (counts.size < mostCounted) counts.set(value, 1);
  };
  for (const run of runs) {
    const value = valueOf(run);
    if (value === null) continue;
    if (typeof value === 'number') {
      if (value < low) low = value;
      if (value > high) high = value;
      if (isNamed) count(value);
    } else if (typeof value === 'string' || typeof value === 'boolean') count(value);
    else if (value.length === 0) continue;
    else value.forEach(count);
    own++;
  }
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
  const areNumbers = low <= high;
  return {
    ...column,
    runs: own,
    values: words ?? (areNumbers && common.length > mostValues ? [] : common.slice(0, mostValues).map(toWord)),
    range: areNumbers && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null,
  };
}

function toWord(value: number | string | boolean): string {
  return typeof value === 'string' ? wordOf(value) : String(value);
}

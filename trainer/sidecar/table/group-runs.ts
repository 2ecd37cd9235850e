import type { TableCell, TableGroup, TableSection } from '#core/api/run-table.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import type { FilterValue } from '#core/query/filter.ts';
import { wordOf } from '#core/query/filter-text.ts';
import { sampleSpread } from '#core/sample-spread.ts';
import { isLoss, isScore, sortBy, sortValue, type TableSort } from './order-runs.ts';
import type { RunEntry } from './run-entry.ts';
import type { RowContext } from './table-row.ts';
import { type ColumnSource, toCell } from './table-column.ts';
import { isSameLoss } from '#core/run/loss-comparison.ts';

/** Runs that stand for one line of a grouped table, newest first. */
interface RunGroup {
  readonly rows: string | null;
  readonly values: readonly TableCell[];
  readonly runs: readonly RunEntry[];
}

interface OrderedGroups {
  readonly groups: readonly RunGroup[];
  /** None where nothing is set apart. */
  readonly sections: readonly TableSection[];
}

/**
 * Groups of runs with the same values of some columns, on the same rows: scores on others have no mean together. Ordered
 * as runs are, by the mean of each group; those of each set of rows stand together where they are ranked by a score.
 *
 * @param runs newest first.
 */
export function groupRuns(
  runs: readonly RunEntry[],
  by: readonly ColumnSource[],
  sorts: readonly TableSort[],
  letters: ReadonlyMap<string, string>,
): OrderedGroups {
  const groups = [
    ...Map.groupBy(runs, (run) =>
      JSON.stringify([rankingKey(run), ...by.map((column) => toCell(column.valueOf(run), column))]),
    ).values(),
  ].map((members): RunGroup => {
    const [first] = members;
    const values = by.map((column) => toCell(column.valueOf(first), column));
    return { rows: letters.get(rankingKey(first) ?? '') ?? null, values, runs: members };
  });
  const sorted = sortBy(
    groups,
    sorts,
    ({ runs: members }, source) => spreadOf(members, source)?.mean ?? newestOf(members, source),
  );
  if (!sorts.some(({ source }) => isScore(source))) return { groups: sorted, sections: [] };
  const parts = Map.groupBy(groups, ({ rows }) => rows);
  const unknown = parts.get(null) ?? [];
  parts.delete(null);
  const all = [...parts.keys(), ...(unknown.length === 0 ? [] : [null])].map((rows) => {
    const each = sorted.filter((group) => group.rows === rows);
    return { section: { rows, loss: null, isRanked: rows !== null, count: each.length }, each };
  });
  return {
    groups: all.flatMap(({ each }) => each),
    sections: all.length > 1 ? all.map(({ section }) => section) : [],
  };
}

/** What has no mean is ordered by what the newest run has. */
function newestOf(runs: readonly RunEntry[], source: ColumnSource): number | string | null {
  return sortValue(source.valueOf(runs[0]));
}

/** Mean and sample standard deviation of what is a finite number; null where nothing is, and of losses in several units. */
function spreadOf(runs: readonly RunEntry[], source: ColumnSource) {
  const { kind } = source;
  if (kind !== 'number' && kind !== 'seconds') return null;
  if (isLoss(source) && runs.some((run) => !isSameLoss(run, runs[0]))) return null;
  const values = runs.flatMap((run) => {
    const value = source.valueOf(run);
    return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
  });
  if (values.length === 0) return null;
  return { ...sampleSpread(values), min: Math.min(...values), max: Math.max(...values) };
}

const shownRuns = 50;

export function toTableGroup(
  { rows, values, runs }: RunGroup,
  by: readonly ColumnSource[],
  { columns, baseline }: RowContext,
): TableGroup {
  const spreads = columns.map((source) => spreadOf(runs, source));
  const isHeld = baseline !== null && runs.every((run) => rowsDifference(run, baseline) === null);
  return {
    values: [...values],
    filter: filterOf(values, rows, by),
    rows,
    n: runs.length,
    runs: runs.slice(0, shownRuns).map(({ id, number }) => ({ id, number })),
    cells: columns.map((source, index) => toGroupCell(runs, source, spreads[index])),
    differences: baseline !== null && isHeld ? differencesOf(runs, columns, spreads, baseline) : null,
    withheld:
      baseline === null || isHeld
        ? null
        : (rowsDifference(runs[0], baseline) ?? 'some of its runs are scored on other rows'),
  };
}

function toGroupCell(
  runs: readonly RunEntry[],
  source: ColumnSource,
  spread: ReturnType<typeof spreadOf>,
): TableGroup['cells'][number] {
  const { valueOf, column } = source;
  if (spread !== null) {
    // A key that all have alike is no measurement.
    const isOne = spread.n === runs.length && spread.min === spread.max;
    return isOne && (runs.length === 1 || column.part !== 'metric') ? { same: spread.mean } : { spread };
  }
  const values = new Map(runs.map((run) => [keyOf(valueOf(run)), run]));
  return values.size === 1 ? { same: toCell(valueOf(runs[0]), source) } : { distinct: values.size };
}

/** Equal for equal values. */
function keyOf(value: FilterValue): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function differencesOf(
  runs: readonly RunEntry[],
  columns: readonly ColumnSource[],
  spreads: readonly ReturnType<typeof spreadOf>[],
  baseline: RunEntry,
): Record<string, number> {
  return Object.fromEntries(
    columns.flatMap((source, index) => {
      const own = spreads[index];
      const other = source.valueOf(baseline);
      if (own === null || !isScore(source) || typeof other !== 'number' || !Number.isFinite(other)) return [];
      if (isLoss(source) && !isSameLoss(runs[0], baseline)) return [];
      return [[source.key, own.mean - other]];
    }),
  );
}

/** What finds the runs of a group again. */
function filterOf(values: readonly TableCell[], rows: string | null, by: readonly ColumnSource[]): string {
  const parts = values.flatMap((value, index) => {
    const { key, kind } = by[index];
    const name = wordOf(key);
    if (value === null || (Array.isArray(value) && value.length === 0)) return [`${name} = none`];
    if (Array.isArray(value)) return value.map((member: string) => `${name} = ${wordOf(member)}`);
    if (kind === 'run') return [`${name} = R${String(value)}`];
    return [`${name} = ${typeof value === 'string' ? wordOf(value) : String(value)}`];
  });
  return [...parts, `rows = ${rows ?? 'none'}`].join(' and ');
}

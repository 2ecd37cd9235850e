import type { TableSection } from '#core/api/run-table.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import type { FilterValue } from '#core/query/filter.ts';
import type { RunEntry } from './run-entry.ts';
import type { ColumnSource } from './table-column.ts';

/** A column to order by. */
export interface TableSort {
  readonly source: ColumnSource;
  readonly isDown: boolean;
}

interface OrderedRuns {
  readonly runs: readonly RunEntry[];
  /** None where nothing is set apart. */
  readonly sections: readonly TableSection[];
}

/** Whether an order ranks runs by a score, which only those of the same rows may be. */
export function isScore({ column: { key, part } }: ColumnSource): boolean {
  return part === 'metric' && key.startsWith('val.');
}

/** Whether a metric is a loss, whose unit is that of its run alone. */
export function isLoss({ column: { key, part } }: Pick<ColumnSource, 'column'>): boolean {
  return part === 'metric' && /(^|\.)loss$/.test(key);
}

/**
 * Runs in an order; those without a value stand last either way, equal ones newest first. Ranked by a score they part into
 * sections: one for each set of rows, that of the newest run first, then those whose rows are unknown, newest first.
 * Ranked by a loss also one for each loss, for another loss has another unit.
 *
 * @param runs newest first.
 */
export function orderRuns(
  runs: readonly RunEntry[],
  sorts: readonly TableSort[],
  letters: ReadonlyMap<string, string>,
): OrderedRuns {
  const ranks = sorts.find(({ source }) => isScore(source) || isLoss(source));
  if (ranks === undefined) return { runs: sortRuns(runs, sorts), sections: [] };
  const byLoss = sorts.some(({ source }) => isLoss(source));
  const byRows = sorts.some(({ source }) => isScore(source));
  const parts = Map.groupBy(runs, (run) => (byRows ? rankingKey(run) : ''));
  const unknown = parts.get(null) ?? [];
  parts.delete(null);
  const ranked = [...parts].flatMap(([key, members]) =>
    [...Map.groupBy(members, ({ loss }) => (byLoss ? loss : ''))].map(([loss, each]) => {
      const isRanked = loss !== null;
      const section = {
        rows: (key === null ? null : letters.get(key)) ?? null,
        loss: loss === '' ? null : loss,
        isRanked,
      };
      return { section: { ...section, count: each.length }, runs: isRanked ? sortRuns(each, sorts) : each };
    }),
  );
  const all = [
    ...ranked,
    ...(unknown.length === 0
      ? []
      : [{ section: { rows: null, loss: null, isRanked: false, count: unknown.length }, runs: unknown }]),
  ];
  return {
    runs: all.flatMap((part) => part.runs),
    sections: all.length > 1 ? all.map(({ section }) => section) : [],
  };
}

function sortRuns(runs: readonly RunEntry[], sorts: readonly TableSort[]): readonly RunEntry[] {
  return sortBy(runs, sorts, (run, { valueOf }) => sortValue(valueOf(run)));
}

/**
 * Lines of a table in an order; those without a value stand last either way, equal ones as they came.
 * @param valueOf what a line is ordered by
 */
export function sortBy<Line>(
  lines: readonly Line[],
  sorts: readonly TableSort[],
  valueOf: (line: Line, source: ColumnSource) => number | string | null,
): readonly Line[] {
  if (sorts.length === 0) return lines;
  const keyed = lines.map((line) => ({ line, values: sorts.map(({ source }) => valueOf(line, source)) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < sorts.length; i++) {
      const [one, other] = [a.values[i], b.values[i]];
      if (one === null || other === null) {
        if (one !== other) return one === null ? 1 : -1;
        continue;
      }
      const by = compare(one, other);
      if (by !== 0) return sorts[i].isDown ? -by : by;
    }
    return 0;
  });
  return keyed.map(({ line }) => line);
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers before texts, where a column has both. */
function compare(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return words.compare(one, other);
  return typeof one === 'number' ? -1 : 1;
}

/** What has no place in an order is null: nothing, and what is not a finite number. */
export function sortValue(value: FilterValue): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ');
  return value as string | null;
}

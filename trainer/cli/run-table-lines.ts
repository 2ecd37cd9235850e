import type { RunTable, TableCell, TableColumn, TableGroup, TableRow } from '#core/api/run-table.ts';
import { plainSigned } from '#core/signed.ts';
import { formatSeconds } from './progress.ts';
import { toTable } from './table.ts';

/** What every row of a table begins with, and what stands in it already. */
const always = ['run', 'name', 'id'];

/**
 * A table of runs, or of groups, as lines for a person: those that are not ranked with each other stand apart under a heading. In a
 * file or pipe nothing is cut, and runs bear their ids.
 *
 * @param width of the terminal; null: a file or a pipe.
 */
export function runTableLines(table: RunTable, width: number | null): readonly string[] {
  const { columns, sections, rowSets, offset } = table;
  const shown = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !always.includes(column.key));
  const heads = shown.map(({ column }) => column.label.toUpperCase());
  const hasDifferences = table.baseline !== null;
  const bodies =
    table.groups === null
      ? table.rows.map((row) => [
          ...(width === null ? [`R${row.number}`, row.id] : [`R${row.number}`]),
          row.name,
          ...shown.map(({ column, index }) => toText(row.cells[index], column) + differenceOf(row, column)),
        ])
      : table.groups.map((group) => [
          String(group.n),
          group.values.map((value, index) => toText(value, table.groupedBy[index])).join(', '),
          ...shown.map(({ column, index }) => spreadText(group.cells[index], column) + differenceOf(group, column)),
        ]);
  const first = table.groups !== null ? ['N', 'GROUP'] : width === null ? ['RUN', 'ID', 'NAME'] : ['RUN', 'NAME'];
  const [head, ...lines] = toTable([[...first, ...heads], ...bodies], { width, flexible: first.length - 1 });
  const pinned = hasDifferences ? [`differences are from R${table.baseline?.number}`] : [];
  return [...pinned, head, ...withHeadings(lines, { sections, rowSets, offset })];
}

/** Lines of a page with the heading of each section before its first. */
function withHeadings(
  lines: readonly string[],
  { sections, rowSets, offset }: Pick<RunTable, 'sections' | 'rowSets' | 'offset'>,
): readonly string[] {
  let begin = 0;
  const headings = new Map<number, string>();
  for (const { rows, loss, isRanked, count } of sections) {
    const words = rows === null ? null : `rows ${rows}: ${rowSets.find(({ letter }) => letter === rows)?.words ?? ''}`;
    const parts = [
      words ?? (loss === null ? 'rows unknown' : null),
      loss === null ? null : `loss: ${loss}`,
      isRanked ? null : 'not ranked',
    ];
    // A page that begins within a section says which.
    if (begin + count > offset)
      headings.set(Math.max(0, begin - offset), parts.filter((part) => part !== null).join(' · '));
    begin += count;
  }
  return lines.flatMap((line, at) => {
    const heading = headings.get(at);
    return heading === undefined ? [line] : [`-- ${heading}`, line];
  });
}

function differenceOf({ differences }: TableRow | TableGroup, { key }: TableColumn): string {
  const difference = differences?.[key];
  if (difference === undefined) return '';
  return ` (${plainSigned(difference, rounded)})`;
}

function spreadText(cell: TableGroup['cells'][number], column: TableColumn): string {
  if ('same' in cell) return toText(cell.same, column);
  if ('distinct' in cell) return `${cell.distinct} values`;
  const { mean, sd, n } = cell.spread;
  return `${toText(mean, column)}${sd === null ? '' : ` ± ${toText(sd, column)}`} n=${n}`;
}

function toText(cell: TableCell, { kind }: TableColumn): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    if (kind === 'run') return `R${cell}`;
    return kind === 'seconds' ? formatSeconds(cell) : rounded(cell);
  }
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell !== 'string') return cell.join(', ');
  return kind === 'date' ? cell.slice(0, 19).replace('T', ' ') : cell;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

import type { RunTable, TableGroup, TableRow, TableSection } from '#core/api/run-table.ts';

/** A stretch of the table as it was last read. */
export interface TablePage {
  readonly version: string;
  /** Ids of runs, or filters of groups. */
  readonly order: readonly string[];
  readonly rows: ReadonlyMap<string, TableRow>;
  readonly groups: ReadonlyMap<string, TableGroup>;
}

/** The page after an answer: of a difference what it leaves out stays as it was. @returns null where it cannot be told. */
export function takeAnswer(page: TablePage | undefined, answer: RunTable): TablePage | null {
  if (answer.isDifference && page === undefined) return null;
  const before = answer.isDifference && page !== undefined ? page : { rows: [], groups: [] };
  const rows = new Map([...before.rows, ...answer.rows.map((row) => [row.id, row] as const)]);
  const groups = new Map([...before.groups, ...(answer.groups ?? []).map((group) => [group.filter, group] as const)]);
  const known = answer.groups === null ? rows : groups;
  if (answer.order.some((key) => !known.has(key))) return null;
  const kept = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map(answer.order.flatMap((key) => (map.has(key) ? [[key, map.get(key) as Value] as const] : [])));
  return { version: answer.version, order: answer.order, rows: kept(rows), groups: kept(groups) };
}

/** What stands in a line of the table: a heading, or the entry at a place of the order. */
type TableLine =
  | { readonly kind: 'heading'; readonly section: TableSection; readonly at: number }
  | { readonly kind: 'entry'; readonly index: number };

/** Lines of the table, headings included. */
export function countLines(entries: number, sections: readonly TableSection[]): number {
  return entries + sections.length;
}

/** What stands in a line, from 0: before the entries of each section its heading. */
export function lineAt(line: number, sections: readonly TableSection[]): TableLine {
  let [first, entries] = [0, 0];
  for (const [at, section] of sections.entries()) {
    if (line === first) return { kind: 'heading', section, at };
    if (line <= first + section.count || at === sections.length - 1)
      return { kind: 'entry', index: entries + line - first - 1 };
    first += section.count + 1;
    entries += section.count;
  }
  return { kind: 'entry', index: line };
}

/** The line that an entry stands in. */
export function lineOf(index: number, sections: readonly TableSection[]): number {
  let entries = 0;
  for (const [at, section] of sections.entries()) {
    entries += section.count;
    if (index < entries || at === sections.length - 1) return index + at + 1;
  }
  return index;
}

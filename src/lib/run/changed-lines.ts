import type { Group } from '#core/config/config.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { findCell, type Notebook } from '#core/notebook/notebook.ts';
import { placeIssues } from '#core/notebook/diagnose.ts';
import { formatValue } from '#lib/ui/format.ts';

interface ChangedLine {
  readonly text: string;
  /** What the parent had there: "14", "none"; empty in a line that says the same. */
  readonly before: string;
  /** Whether lines before it are left out. */
  readonly skips: boolean;
}

interface ChangedCell {
  /** Lines of the cell's YAML around those that differ. */
  readonly lines: readonly ChangedLine[];
  /** What differs and stands in no line: a default, a key that is gone. */
  readonly rest: ConfigDiff;
}

/** Lines shown before and after one that differs. */
const around = 3;

/** The lines of a cell that say what differs from the parent's, with some around them. */
export function changedLines(notebook: Notebook, group: Group, changed: ConfigDiff): ChangedCell {
  const cell = findCell(notebook, group);
  if (!cell) return { lines: [], rest: changed };
  const all = cell.text.replace(/\r?\n$/, '').split(/\r?\n/);
  const marks = new Map<number, string[]>();
  const rest: Record<string, ConfigDiff[string]> = {};
  for (const [key, pair] of Object.entries(changed)) {
    const [place] = placeIssues(notebook, [{ path: key, message: '' }]);
    const at = (place.line ?? 0) - cell.span.line - 1;
    const names = key.split('.').at(-1) ?? key;
    // Where the key itself is not written, the place found is that of what it would stand in.
    if (all[at]?.includes(names) && pair[1] !== null) marks.set(at, [...(marks.get(at) ?? []), formatValue(pair[0])]);
    else rest[key] = pair;
  }
  if (marks.size === 0) return { lines: [], rest };
  const isNear = (at: number) => [...marks.keys()].some((mark) => Math.abs(mark - at) <= around);
  const lines = all.flatMap((text, at) => {
    if (!isNear(at)) return [];
    return [{ text, before: marks.get(at)?.join(', ') ?? '', skips: at > 0 && !isNear(at - 1) }];
  });
  return { lines, rest };
}

import { conflictMark } from '#core/config/yaml-trouble.ts';
import type { Line } from './lines.ts';

/** Lines that a merge has left in two versions, by line numbers from 0: from the first mark to the last. */
export interface Conflict {
  readonly first: number;
  readonly last: number;
}

/** Nobody reads further. */
const maxConflicts = 20;

/** The first conflicts of a text, outside of the lines that `isQuoted`: code that shows what a conflict looks like is none. */
export function findConflicts(lines: readonly Line[], isQuoted: (line: number) => boolean): Conflict[] {
  const conflicts: Conflict[] = [];
  let first: number | null = null;
  for (const [line, { text }] of lines.entries()) {
    if (!conflictMark.test(text) || isQuoted(line)) continue;
    if (text.startsWith('<')) first ??= line;
    if (!text.startsWith('>') || first === null) continue;
    conflicts.push({ first, last: line });
    first = null;
    if (conflicts.length >= maxConflicts) break;
  }
  return conflicts;
}

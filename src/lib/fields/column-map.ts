import { type BarPart, barParts, type TablePreview } from '#core/quotes/table-preview.ts';
import type { DataConfig } from '#core/config/data.ts';

type Mapping = DataConfig['columns'];

/** What a column may be called by a person: a part of a bar, the clock beside a date, or nothing. */
export const columnRoles = ['time', 'clock', 'open', 'high', 'low', 'close', 'volume'] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** Parts without which a file is no bars. */
const needed = ['time', 'close'] as const;

/**
 * The role of each column by its name: what the notebook says, and where it says nothing what was guessed, unless the
 * notebook has another use for that column.
 */
export function rolesOf(written: Mapping, guess: TablePreview['guess']): ReadonlyMap<string, ColumnRole> {
  const claimed = new Set(barParts.flatMap((part) => columnsOf(written[part])));
  const roles = new Map<string, ColumnRole>();
  for (const part of barParts) {
    const guessed = written[part] === undefined ? columnsOf(guess[part]).filter((name) => !claimed.has(name)) : [];
    const [first, clock] = [...columnsOf(written[part]), ...guessed];
    if (first !== undefined && !roles.has(first)) roles.set(first, part);
    if (clock !== undefined) roles.set(clock, 'clock');
  }
  return roles;
}

/** Needed parts that no column has been given. */
export function missingParts(roles: ReadonlyMap<string, ColumnRole>): readonly string[] {
  const given = [...roles.values()];
  return needed.filter((part) => !given.includes(part));
}

/**
 * `data.columns` after a person gave a column a role, or took it away (null): a column has one role and a role one
 * column. A clock without a date is the time itself. Undefined where nothing is left to write.
 */
export function assignRole(
  written: Mapping,
  guess: TablePreview['guess'],
  column: string,
  role: ColumnRole | null,
): Mapping | undefined {
  const next: Partial<Record<BarPart, string | string[]>> = {};
  for (const part of barParts) {
    const kept = columnsOf(written[part]).filter((name) => name !== column);
    if (kept.length > 0) next[part] = kept.length === 1 ? kept[0] : [...kept];
  }
  if (role === 'time' || role === 'clock') {
    const other = role === 'time' ? 'clock' : 'time';
    const beside = [...rolesOf(written, guess)].find(([name, has]) => has === other && name !== column)?.[0];
    next.time = beside === undefined ? column : role === 'time' ? [column, beside] : [beside, column];
  } else if (role !== null) next[role] = column;
  return Object.keys(next).length > 0 ? (next as Mapping) : undefined;
}

function columnsOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

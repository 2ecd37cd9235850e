import type { RawTable } from '#core/table/table.ts';
import { type ColumnRole, hasRole, namesOf, plainName, unitOf } from './column-names.ts';

/** A named column that something may be taken from. */
export interface HeaderCell {
  readonly index: number;
  /** As the file has it; may be ''. */
  readonly name: string;
  /** As names are compared. */
  readonly plain: string;
  /** What stands in brackets behind the name; '' where nothing does. */
  readonly unit: string;
}

/** Roles of prices. */
export const priceRoles = ['open', 'high', 'low', 'close'] as const;
export type PriceRole = (typeof priceRoles)[number];

/** The named columns of a table but those `taken`. */
export function readHeader({ names }: RawTable, taken: ReadonlySet<number>): readonly HeaderCell[] {
  return (names ?? []).flatMap((name, index) =>
    taken.has(index) ? [] : [{ index, name, plain: plainName(name), unit: unitOf(name) }],
  );
}

/** The columns of a role: all that have the most preferred of its names that occurs. */
export function findRole(header: readonly HeaderCell[], role: ColumnRole): readonly HeaderCell[] {
  for (const name of namesOf(role)) {
    const found = header.filter(({ plain }) => plain === name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The price that a plain name stands for. */
export function priceOf(plain: string): PriceRole | undefined {
  return priceRoles.find((role) => hasRole(plain, role));
}

import type { columnKinds } from '#core/api/run-table.ts';

/** What the parser of filters has to know of a column. */
export interface FilterColumn {
  readonly key: string;
  readonly kind: (typeof columnKinds)[number];
  /** Words of a column that has no others; absent: any. */
  readonly words?: readonly string[];
}

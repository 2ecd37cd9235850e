import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import { barParts } from '#core/quotes/table-preview.ts';
import { foldLong } from './fold-long.ts';

interface ColumnsUsed {
  /** Part of a bar and the column it was taken from: "open = Open". */
  readonly used: readonly string[];
  /** Names of columns that nothing was taken from: the first of them, and the rest of a long list. */
  readonly unused: readonly string[];
  readonly more: readonly string[];
}

/** Names that a line holds; a table of fundamentals may have hundreds. */
const most = 8;

/** Which columns of the file the bars are made of, in the order of a bar, and which are left. */
export function columnsUsed({ columns, unused }: Pick<CleaningReport, 'columns' | 'unused'>): ColumnsUsed {
  const place = (part: string) => (barParts as readonly string[]).indexOf(part);
  const used = Object.entries(columns)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([part, column]) => (part === column ? part : `${part} = ${column}`));
  const { first, more } = foldLong(unused, most);
  return { used, unused: first, more };
}

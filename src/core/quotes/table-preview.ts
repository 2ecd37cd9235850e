import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { columnLabel } from './column-mapping.ts';
import { type ColumnConfig, guessColumns } from './columns.ts';
import { listInstruments } from './instrument.ts';

/** The parts of a bar that a column may be, as `data.columns` names them. */
export const barParts = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
export type BarPart = (typeof barParts)[number];

const maxRows = 12;
const maxColumns = 200;
const maxText = 60;
const maxInstruments = 1000;

const columnName = z.string();

/** The first rows of a data file and what its columns seem to be: the answer of POST /data/preview. */
export const tablePreviewSchema = z
  .object({
    file: z.string().describe('The file; of several, the first'),
    names: z
      .array(columnName)
      .readonly()
      .describe('Its columns by the names that data.columns takes; #3 where it has none'),
    rows: z.array(z.array(z.string()).readonly()).readonly().describe('The first 12 rows'),
    guess: z
      .object({
        time: z.union([columnName, z.array(columnName)]).optional(),
        open: columnName.optional(),
        high: columnName.optional(),
        low: columnName.optional(),
        close: columnName.optional(),
        volume: columnName.optional(),
      })
      .readonly()
      .describe('Part of a bar → column, as far as they can be told'),
    instruments: z.array(z.string()).readonly().describe('The instruments in it, where it names any'),
  })
  .meta({ ref: 'TablePreview' });
export type TablePreview = Readonly<z.infer<typeof tablePreviewSchema>>;

/**
 * The head of a table for a person who has to say what its columns are.
 * @param others instruments that the names of further files name
 */
export function previewTable(table: RawTable, config: ColumnConfig, others: readonly string[]): TablePreview {
  const columns = table.columns.slice(0, maxColumns);
  const names = columns.map((_, index) => columnLabel(table, index));
  const rows = Array.from({ length: Math.min(table.rows, maxRows) }, (_, row) =>
    columns.map((column) => cellText(column, row).slice(0, maxText)),
  );
  const instruments = (others.length > 1 ? others : listInstruments(table)).slice(0, maxInstruments);
  return { file: table.name, names, rows, guess: guess(table, config), instruments };
}

function guess(table: RawTable, config: ColumnConfig): TablePreview['guess'] {
  try {
    return guessColumns(table, config).parts;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A mapping of another file: this one is guessed afresh.
    return guessColumns(table, { ...config, columns: {} }).parts;
  }
}

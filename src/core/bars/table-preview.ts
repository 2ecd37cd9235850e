import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { type ColumnConfig, findColumns } from './columns.ts';

/** The parts of a bar that a column may be, as `data.columns` names them. */
export const barParts = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
export type BarPart = (typeof barParts)[number];

const maxRows = 12;
const maxColumns = 200;
const maxText = 60;

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
        time: z.union([columnName, z.tuple([columnName, columnName])]).optional(),
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

/** The head of a table for a person who has to say what its columns are. */
export function previewTable(table: RawTable, config: ColumnConfig): TablePreview {
  const columns = table.columns.slice(0, maxColumns);
  const names = columns.map((_, index) => nameOf(table, index));
  const rows = Array.from({ length: Math.min(table.rows, maxRows) }, (_, row) =>
    columns.map((column) => cellText(column, row).slice(0, maxText)),
  );
  const instruments = [...new Set(table.instruments?.filter((name) => name !== null) ?? [])];
  return { file: table.name, names, rows, guess: guess(table, config), instruments };
}

function guess(table: RawTable, config: ColumnConfig): TablePreview['guess'] {
  try {
    const { time, open, high, low, close, volume } = findColumns(table, config);
    const [first, clock] = time.map((index) => nameOf(table, index));
    const parts = { open, high, low, close, ...(volume === undefined ? {} : { volume }) };
    return {
      time: clock === undefined ? first : [first, clock],
      ...Object.fromEntries(Object.entries(parts).map(([part, index]) => [part, nameOf(table, index)])),
    };
  } catch (error) {
    // What cannot be told is what the person is asked.
    if (error instanceof AppError) return {};
    throw error;
  }
}

/** The name of a column, or its place where it has none or shares it. */
function nameOf({ names }: RawTable, index: number): string {
  const name = names?.[index] ?? '';
  return name !== '' && names?.indexOf(name) === names?.lastIndexOf(name) ? name : `#${index + 1}`;
}

import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { ColumnBuilder } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';

/** Monday 2024-01-01 00:00 UTC. */
export const start = Date.UTC(2024, 0, 1);

/** A cell as a test writes it: text as in a text file, a number or a date as in a typed one. */
export type CellValue = string | number | Date | null | undefined;

/** Cells of one row of a file. */
export type Row = readonly CellValue[];

/** Rows as a reader would hand them over. */
export function table(
  rows: readonly Row[],
  names: readonly string[] | null = ['time', 'open', 'high', 'low', 'close', 'volume'],
): RawTable {
  const width = names?.length ?? Math.max(...rows.map((row) => row.length));
  const column = (k: number) => {
    const builder = new ColumnBuilder();
    for (const { [k]: value } of rows) {
      if (value === null || value === undefined) builder.blank();
      else if (value instanceof Date) builder.instant(value.getTime());
      else if (typeof value === 'number') builder.number(value);
      else builder.text(value);
    }
    return builder.finish();
  };
  return {
    name: 'bars.csv',
    names,
    instruments: null,
    columns: Array.from({ length: width }, (_, k) => column(k)),
    rows: rows.length,
    notes: [],
  };
}

/** A complete `data:` with a few keys changed; not checked, so that bad values can be tried. */
export function config(data: Partial<DataConfig> = {}): DataConfig {
  return { ...dataSchema.parse({}), ...data };
}

/** A valid row: high and low one above and below the close. */
export const bar = (time: CellValue, close = 100, volume: CellValue = 1): Row => [
  time,
  close,
  close + 1,
  close - 1,
  close,
  volume,
];

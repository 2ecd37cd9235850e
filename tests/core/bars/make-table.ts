import type { RawTable, RawValue } from '#core/bars/table.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';

/** Monday 2024-01-01 00:00 UTC. */
export const start = Date.UTC(2024, 0, 1);

/** Cells of one row of a file. */
export type Row = readonly RawValue[];

/** Rows as a reader would hand them over. */
export function table(
  rows: readonly Row[],
  names: readonly string[] | null = ['time', 'open', 'high', 'low', 'close', 'volume'],
): RawTable {
  const width = names?.length ?? Math.max(...rows.map((row) => row.length));
  return {
    names,
    columns: Array.from({ length: width }, (_, k) => rows.map((row) => row[k])),
    rows: rows.length,
    notes: [],
  };
}

/** A complete `data:` with a few keys changed; not checked, so that bad values can be tried. */
export function config(data: Partial<DataConfig> = {}): DataConfig {
  return { ...dataSchema.parse({}), ...data };
}

/** A valid row: high and low one above and below the close. */
export const bar = (time: RawValue, close = 100, volume: RawValue = 1): Row => [
  time,
  close,
  close + 1,
  close - 1,
  close,
  volume,
];

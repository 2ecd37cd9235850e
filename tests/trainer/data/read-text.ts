import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawTable } from '#core/table/table.ts';
import { cellText } from '#core/table/column.ts';
import { readCsv } from '#trainer/data/csv.ts';
import { defaultLimits, type ReadLimits } from '#trainer/data/source-file.ts';

/** Reads a text as a file of separated text would be. */
export async function readText(content: string | Buffer, limits: Partial<ReadLimits> = {}): Promise<RawTable> {
  const folder = await mkdtemp(join(tmpdir(), 'almanac-text-'));
  try {
    await writeFile(join(folder, 'bars.csv'), content);
    const handle = await open(join(folder, 'bars.csv'));
    try {
      const size = Math.max(1, Buffer.byteLength(content));
      return await readCsv({ handle, name: 'bars.csv', size, limits: { ...defaultLimits, ...limits } });
    } finally {
      await handle.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The cells of one row as a person would see them. */
export function row({ columns, rows }: RawTable, at: number): string[] {
  return columns.map((column) => cellText(column, at < 0 ? rows + at : at));
}

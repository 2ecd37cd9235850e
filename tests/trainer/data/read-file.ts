import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { readTable } from '#trainer/data/read.ts';
import { defaultLimits, type ReadLimits } from '#trainer/data/source-file.ts';

/** Reads a file as a table, without its bars being looked for. */
export async function readFile(path: string, limits: Partial<ReadLimits> = {}): Promise<RawTable> {
  const handle = await open(path);
  try {
    const { size } = await stat(path);
    return await readTable({ handle, name: basename(path), size, limits: { ...defaultLimits, ...limits } });
  } finally {
    await handle.close();
  }
}

/** Reads content as a file of that name. */
export async function readContent(
  name: string,
  content: string | Uint8Array,
  limits: Partial<ReadLimits> = {},
): Promise<RawTable> {
  const folder = await mkdtemp(join(tmpdir(), 'almanac-read-'));
  try {
    await writeFile(join(folder, name), content);
    return await readFile(join(folder, name), limits);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The cells of a row as text. */
export function cells(table: RawTable, row: number): string[] {
  return table.columns.map((column) => cellText(column, row));
}

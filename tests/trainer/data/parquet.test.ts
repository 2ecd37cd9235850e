import { readFile as readBytes } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cellKinds } from '#core/table/column.ts';
import { cells, readContent, readFile } from './read-file.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/bars/${name}`, import.meta.url));

describe('types of Parquet', () => {
  it('are read as what they mean', async () => {
    const table = await readFile(fixture('types.parquet'));
    const column = (name: string) => table.columns[table.names!.indexOf(name)];
    const values = (name: string) => [...column(name).numbers];
    const texts = (name: string) =>
      Array.from({ length: 4 }, (_, row) => cells(table, row)[table.names!.indexOf(name)]);
    const minutes = [30, 31, 32, 33].map((minute) => Date.UTC(2024, 2, 4, 9, minute));

    expect(values('naive_us')).toEqual(minutes);
    expect(values('naive_ns')).toEqual(minutes);
    expect(values('zoned_ms')).toEqual(minutes);
    expect(['naive_us', 'naive_ns', 'zoned_ms'].map((name) => column(name).naive)).toEqual([true, true, false]);
    expect([...column('zoned_ms').kind]).toEqual(Array.from({ length: 4 }, () => cellKinds.instant));
    expect(texts('day')).toEqual(Array.from({ length: 4 }, () => '2024-03-04'));
    expect(texts('clock')).toEqual(['09:30:00', '09:31:00', '09:32:00', '09:33:00']);
    expect(values('decimal')).toEqual([1003.1, -0.07, NaN, Number('99999999999999.9999')]);
    expect(values('wide')).toEqual([100.33, 0.1, 1, 2]);
    expect(values('float')).toEqual([Math.fround(1.1), 2.5, NaN, 4]);
    expect(values('unsigned')).toEqual([1, NaN, 2 ** 63 + 1024, 3]);
    expect(values('small')).toEqual([1, 2, 3, NaN]);
    expect(values('flag')).toEqual([1, 0, NaN, 1]);
    expect(texts('category')).toEqual(['a', 'b', 'a', '']);
    expect(texts('bytes')[0]).toBe('2024-03-04T09:30:00-05:00');
    expect(table.names).not.toContain('list');
    expect(table.notes).toEqual(['columns of lists or records not read: "list", "record"']);
  });

  it('puts an index of pandas first, without a name where it has none, and takes two levels of names apart', async () => {
    const table = await readFile(fixture('pandas-days.parquet'));
    expect(table.names).toEqual(['', 'Close', 'Open', 'High', 'Low']);
    expect(table.instruments).toEqual([null, 'ACME', 'ACME', 'ACME', 'ACME']);
    expect(table.columns[0].naive).toBe(true);
    expect(table.columns[0].numbers[4]).toBe(Date.UTC(2024, 2, 8));
  });

  it('takes the older type of times, of which nobody says more, for those of a clock without a zone', async () => {
    const table = await readFile(fixture('int96.parquet'));
    expect(table.columns[0].naive).toBe(true);
    expect(table.columns[0].numbers[0]).toBe(Date.UTC(2024, 2, 4, 9, 30));
  });

  it('is refused before memory is taken where it has more columns or cells than the limits', async () => {
    const file = fixture('types.parquet');
    await expect(readFile(file, { maxCells: 50 })).rejects.toThrow(
      /4 rows of 13 columns, more than 50 cells\. Keep time/,
    );
    await expect(readFile(file, { maxColumns: 10 })).rejects.toThrow(/13 columns, more than 10/);
    await expect(readFile(file, { maxRows: 3 })).rejects.toThrow(/more than 3 rows/);
  });

  it('is read under any name', async () => {
    const table = await readContent('bars.csv', await readBytes(fixture('int96.parquet')));
    expect(table.names).toEqual(['date', 'close']);
    expect(table.notes).toEqual(['read as Parquet, though its name ends in .csv']);
  });
});

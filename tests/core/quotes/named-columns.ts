import { findColumns } from '#core/quotes/columns.ts';
import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { config, type Row, table } from '../bars/make-table.ts';

export const rows = 12;

/** A table with the names given; a cell by its column: a time, a price of its part, a volume, or what `special` says. */
export function named(header: string, special: Readonly<Record<string, (row: number) => string | number>> = {}) {
  const names = header.split(',');
  const cells = names.map((name, index) => special[name] ?? special[`#${index + 1}`] ?? price(name));
  const body: Row[] = Array.from({ length: rows }, (_, row) => cells.map((cell) => cell(row)));
  return table(body, names);
}

/** Opens below closes, so that each price can be told from the others. */
export function price(name: string): (row: number) => string | number {
  const plain = name.toLowerCase();
  if (/vol|qty|stü|hacim|量|거래|объ/.test(plain)) return (row) => 10 + row;
  if (/adj/.test(plain)) return (row) => 50 + row / 2;
  return (row) => 100 + row;
}

export const day = (row: number): string => `2024-03-${String(row + 4).padStart(2, '0')}`;
export const hourStamp = (row: number): string => `2024-03-04 ${String(row).padStart(2, '0')}:00:00`;
export const epoch = (row: number): number => 1_735_603_200_000 + row * 60_000;

export const find = (header: string, special: Parameters<typeof named>[1] = {}, data: Partial<DataConfig> = {}) =>
  findColumns(named(header, special), config(data));

export function refusal(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Expected a refusal.');
}

import Papa from 'papaparse';
import { isKnownColumn } from '#core/bars/columns.ts';
import { parseTimeText } from '#core/bars/time-text.ts';
import { ColumnBuilder } from '#core/table/column.ts';
import { plainNumber } from '#core/table/number-text.ts';
import type { RawTable } from '#core/table/table.ts';
import { type SourceFile, unreadable } from './source-file.ts';
import { readBlocks, type TextBlock } from './text.ts';

const separators = ['\t', ';', '|', ','] as const;
const sniffLines = 50;

/**
 * Reads separated text: the separator (comma, semicolon, tab or bar), a header line, lines above it that belong to
 * no table, and `#` comments are recognised. A header counts as one when it names a known column or no cell of it is
 * a number.
 * @throws AppError data_unreadable with the line, data_empty
 */
export async function readCsv(file: SourceFile): Promise<RawTable> {
  let layout: Layout | undefined;
  let columns: ColumnBuilder[] = [];
  let rows = 0;
  for await (const block of readBlocks(file)) {
    let lines: string[][];
    if (layout === undefined) {
      layout = findLayout(block.text);
      if (layout.width > file.limits.maxColumns) {
        throw unreadable(
          file.name,
          `has ${layout.width} columns, more than ${file.limits.maxColumns}`,
          'Expected a table of bars.',
        );
      }
      columns = Array.from({ length: layout.width }, () => new ColumnBuilder());
      lines = parseBlock(file, block, layout.separator).slice(layout.skipped + (layout.names ? 1 : 0));
    } else lines = parseBlock(file, block, layout.separator);
    rows += lines.length;
    if (rows > file.limits.maxRows) {
      throw unreadable(file.name, `has more than ${file.limits.maxRows} rows`, 'Split it, or use data.range on parts.');
    }
    append(columns, lines);
  }
  const notes = layout && layout.skipped > 0 ? [`${layout.skipped} lines above the table skipped`] : [];
  return {
    name: file.name,
    names: layout?.names ?? null,
    instruments: null,
    columns: columns.map((column) => column.finish()),
    rows,
    notes,
  };
}

interface Layout {
  readonly separator: string;
  /** Records above the header or the first row. */
  readonly skipped: number;
  readonly names: readonly string[] | null;
  readonly width: number;
}

function findLayout(text: string): Layout {
  const lines = text
    .split('\n', sniffLines * 4)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(0, sniffLines);
  const separator = separators.reduce((best, next) =>
    typicalCount(lines, next) > typicalCount(lines, best) ? next : best,
  );
  const records = Papa.parse<string[]>(lines.join('\n'), { delimiter: separator, newline: '\n' }).data;
  const width = median(records.map((record) => record.length)) || 1;
  const skipped = Math.max(
    0,
    records.findIndex((record) => record.length >= Math.min(width, 5)),
  );
  const first = records[skipped] ?? [];
  const names = isHeader(first) ? first.map((name) => name.replace(/^\uFEFF/, '').trim()) : null;
  return { separator, skipped, names, width: Math.max(width, names?.length ?? 0) };
}

function isHeader(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter(Boolean);
  if (filled.some((cell) => parseTimeText(cell, 'month-first') !== undefined)) return false;
  return filled.some(isKnownColumn) || !filled.some((cell) => !Number.isNaN(plainNumber(cell)));
}

function typicalCount(lines: readonly string[], separator: string): number {
  return median(lines.map((line) => line.split(separator).length - 1));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function parseBlock(file: SourceFile, { text, line }: TextBlock, separator: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: separator,
    newline: '\n',
    comments: '#',
    skipEmptyLines: 'greedy',
  });
  const quote = errors.find((error) => error.type === 'Quotes');
  if (quote) {
    const at = line + (quote.row ?? 0);
    throw unreadable(
      file.name,
      `has an unfinished quotation mark near line ${at}`,
      'Close it, or remove the quotation marks.',
    );
  }
  return data;
}

function append(columns: readonly ColumnBuilder[], lines: readonly string[][]): void {
  columns.forEach((column, index) => {
    for (const cells of lines) column.text(cells[index] ?? '');
  });
}

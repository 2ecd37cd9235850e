import { countWords } from '#core/count-words.ts';
import { areSplitAtCommas, type Cells, fitNames, isRow, readHeader } from './header.ts';
import { afterLine, CellReader, type Dialect, headerKey, OpenQuote, readRecord } from './records.ts';

/** How a file of separated text is laid out. */
interface Layout {
  readonly dialect: Dialect;
  /** Offset of the first row, and the number of its line. */
  readonly start: number;
  readonly line: number;
  readonly names: Cells | null;
  readonly instruments: readonly (string | null)[] | null;
  readonly width: number;
  /** Column of a time of day that belongs to the date before it. */
  readonly clock: number | undefined;
  /** Keys of the header lines. */
  readonly headers: ReadonlySet<string>;
  /** Mean bytes of a row; 0 where none was seen. */
  readonly rowBytes: number;
  /** Numbers are cut in two: the comma is their decimal sign as well as what separates them. */
  readonly splitNumbers: boolean;
  readonly notes: readonly string[];
}

const separators = ['\t', ';', '|', ','] as const;
const sniffLines = 50;
const headRecords = 200;
const maxHeaderLines = 4;
const [lf, cr, hash, doubleQuote, singleQuote, comma] = [10, 13, 35, 34, 39, 44];

/** How cells are told apart: by a sign, or by blanks (two and more, or any), for which tabs are to be put first. */
export type Separation =
  { readonly by: 'sign'; readonly dialect: Dialect } | { readonly by: 'blanks'; readonly blanks: RegExp };

/**
 * Finds the separator of the lines of `head`: what a line `sep=` says, else a sign that nearly every line has equally
 * often, else the commonest.
 */
export function findSeparation(head: string): Separation {
  const lines = head
    .split(/\r\n?|\n/, sniffLines * 4)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(0, sniffLines);
  const said = /^"?sep=(.)"?\s*$/i.exec(lines[0] ?? '')?.[1];
  if (said !== undefined && said.charCodeAt(0) < 128) return bySign(said, lines);
  const bare = lines.map((line) => line.replace(/"[^"]*"/g, '""'));
  const counts = separators.map((sign) => bare.map((line) => line.split(sign).length - 1));
  const typical = counts.map(median);
  const steady = separators.findIndex((_, k) => typical[k] >= 2 && share(counts[k], typical[k]) >= 0.9);
  const best = steady >= 0 ? steady : typical.indexOf(Math.max(...typical));
  if (typical[best] > 0) return bySign(separators[best], lines);
  for (const [blanks, least] of [
    [/ {2,}/g, 1],
    [/ +/g, 4],
  ] as const) {
    if (median(bare.map((line) => line.trim().split(blanks).length - 1)) >= least) return { by: 'blanks', blanks };
  }
  return bySign(',', lines);
}

function bySign(sign: string, lines: readonly string[]): Separation {
  const cells = lines[0]?.split(sign).map((cell) => cell.trim()) ?? [];
  const single = cells.length > 1 && cells.every((cell) => /^'[^']*'$/.test(cell));
  return {
    by: 'sign',
    dialect: { separator: sign.charCodeAt(0), quote: single ? singleQuote : doubleQuote },
  };
}

function share(counts: readonly number[], value: number): number {
  return counts.filter((count) => count === value).length / counts.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * Finds header, first row and width in the first lines of a file, which lie before `limit` and end with a line.
 * @throws OpenQuote
 */
export function findLayout(head: Buffer, limit: number, dialect: Dialect, whole: boolean): Layout {
  const { records, comments } = readHead(head, limit, dialect, whole);
  const width = median(records.map(({ cells }) => cells.length)) || 1;
  const least = Math.min(width, 5);
  const isTitle = ({ cells }: HeadRecord) =>
    cells.length < least || (width > 2 && cells[0] !== '' && cells.slice(1).every((cell) => cell === ''));
  const top = Math.max(
    0,
    records.findIndex((record) => !isTitle(record)),
  );
  const row = records.findIndex(({ cells }, k) => k >= top && isRow(cells, records[k + 1]?.cells));
  // Where nothing looks like a row, the first line names the columns.
  const first = row < 0 ? Math.min(top + 1, records.length) : row;
  const from = Math.max(top, first - maxHeaderLines);
  const lines = records.slice(from, first).map(({ cells }) => cells);
  const body = records.slice(first).map(({ cells }) => cells);
  const start = records[first]?.at ?? limit;
  const comment = lines.length === 0 ? commentedHeader(comments, start, width) : undefined;
  const header = comment ? readHeader([comment]) : lines.length > 0 ? readHeader(lines) : undefined;
  const skipped = records.slice(0, from).filter(({ cells }) => !/^sep=.?$/i.test(cells[0])).length;
  const notes = [
    ...(skipped > 0 ? [`${countWords(skipped, 'line')} above the table skipped`] : []),
    ...(comment ? ['the header is the line that begins with #'] : []),
    ...(header?.notes ?? []),
  ];
  const base = {
    dialect,
    start,
    line: 1 + countLines(head, start),
    headers: new Set(lines.map(headerKey)),
    rowBytes: body.length > 0 ? (records[records.length - 1].next - start) / body.length : 0,
  };
  if (!header) return { ...base, names: null, instruments: null, width, clock: undefined, splitNumbers: false, notes };
  const commas = dialect.separator === comma && areSplitAtCommas(header.names, body);
  const fit = fitNames(header.names.length, body, median(body.map((cells) => cells.length)));
  const names = header.names.toSpliced(fit.at, 0, ...Array.from({ length: fit.missing }, () => ''));
  const instruments = header.instruments?.toSpliced(fit.at, 0, ...Array.from({ length: fit.missing }, () => null));
  return {
    ...base,
    names,
    instruments: instruments ?? null,
    width: Math.max(width, names.length),
    clock: fit.clock,
    splitNumbers: commas,
    notes: [...notes, ...fit.notes],
  };
}

interface HeadRecord {
  readonly cells: Cells;
  readonly at: number;
  readonly next: number;
}

interface Comment {
  readonly cells: Cells;
  readonly at: number;
}

/** The first records that hold anything, and the lines that begin with `#`. */
function readHead(head: Buffer, limit: number, dialect: Dialect, whole: boolean) {
  const records: HeadRecord[] = [];
  const comments: Comment[] = [];
  const reader = new CellReader(dialect);
  let at = 0;
  while (at < limit && records.length < headRecords) {
    if (head[at] === lf || head[at] === cr) {
      at = afterLine(head, at);
      continue;
    }
    try {
      if (head[at] === hash) {
        const record = readRecord(head, at + 1, limit, reader, dialect);
        comments.push({ cells: record.cells, at });
        at = record.next;
        continue;
      }
      const record = readRecord(head, at, limit, reader, dialect);
      if (record.cells.some(Boolean) && !isRule(record.cells)) records.push(record);
      at = record.next;
    } catch (error) {
      if (!(error instanceof OpenQuote) || whole || records.length < 2) throw error;
      break;
    }
  }
  return { records, comments };
}

/** The line below the header of a Markdown table, or one that a database prints: `|---|:--:|`, `----+----`. */
function isRule(cells: Cells): boolean {
  const filled = cells.filter(Boolean);
  return filled.every((cell) => /^:?-{2,}[-+: ]*$/.test(cell) || /^\+[-+=]{2,}$/.test(cell));
}

/** The last comment above the rows that has a word for every column. */
function commentedHeader(comments: readonly Comment[], start: number, width: number): Cells | undefined {
  const fits = ({ cells, at }: Comment) =>
    at < start &&
    width > 1 &&
    Math.abs(cells.length - width) <= 1 &&
    cells.filter(Boolean).length > 1 &&
    !isRow(cells, undefined);
  return comments.findLast(fits)?.cells;
}

function countLines(bytes: Buffer, end: number): number {
  let count = 0;
  for (let at = 0; at < end; at++) if (bytes[at] === lf || (bytes[at] === cr && bytes[at + 1] !== lf)) count++;
  return count;
}

import { joinDateParts } from '#core/quotes/date-parts.ts';
import { foreignByContent } from '#core/table/foreign-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { findPacking, packingOf } from './packing.ts';
import { readParquet } from './parquet.ts';
import { readHead, type SourceFile, unreadable } from './source-file.ts';

const readers = { text: readCsv, JSON: readJson, Parquet: readParquet };
type Format = keyof typeof readers;

const byEnding: Readonly<Record<string, Format>> = {
  json: 'JSON',
  jsonl: 'JSON',
  ndjson: 'JSON',
  parquet: 'Parquet',
};

/** Enough to tell formats and encodings apart. */
const headSize = 4096;

/**
 * Reads an open file as a table: separated text, JSON, JSON lines or Parquet, perhaps in gzip or a zip. Its content
 * decides which; where its name says another, a note does too.
 * @throws AppError data_unreadable, which names the format where it is a known one that is not read; data_empty
 */
export async function readTable(opened: SourceFile): Promise<RawTable> {
  const { file, name, notes } = await findPacking(opened);
  const head = await readHead(file, headSize);
  const foreign = foreignByContent(head);
  if (foreign) throw unreadable(file.name, `is ${foreign.name}, which is not read`, foreign.advice);
  const inner = file.packing && packingOf(head);
  if (inner) throw unreadable(file.name, `is ${inner} within ${packingName(file)}`, 'Unpack it once.');
  const ending = /\.([a-z]+)$/i.exec(name)?.[1].toLowerCase() ?? '';
  const named = byEnding[ending] ?? 'text';
  const format = formatOf(head, named);
  if (format === 'text' && isBinary(head)) {
    const [what, next] =
      named === 'text'
        ? ['is binary, in no format that is known', 'Expected CSV, JSON or Parquet.']
        : [`is no readable ${named} file`, 'Check that it is whole.'];
    throw unreadable(file.name, what, next);
  }
  const table = await readers[format](file);
  const mismatch = format === named ? [] : [`read as ${format}, though its name ends in .${ending}`];
  return joinDateParts({ ...table, notes: [...notes, ...mismatch, ...table.notes] });
}

function packingName({ packing }: SourceFile): string {
  return packing?.method === 'gzip' ? 'gzip' : 'a zip';
}

function formatOf(head: Uint8Array, named: Format): Format {
  if (new TextDecoder('latin1').decode(head.subarray(0, 4)) === 'PAR1') return 'Parquet';
  const text = decodeHead(head);
  if (/^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[\]{"\d-]|$|NaN|Infinity|null))/.test(text)) return 'JSON';
  // A lone value is JSON to a file that calls itself so, and a cell to every other.
  return named === 'JSON' && /^\s*["\d-]/.test(text) && !/[,;\t]/.test(text) ? 'JSON' : 'text';
}

function decodeHead(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  return new TextDecoder().decode(head);
}

/** Whether bytes are no text: control characters, or NULs that are not those of UTF-16. */
function isBinary(head: Uint8Array): boolean {
  const nuls = [0, 0];
  let controls = 0;
  head.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2]++;
    else if (byte < 32 && (byte < 9 || byte > 13)) controls++;
  });
  const few = head.length / 50;
  return controls > few || Math.min(...nuls) > few;
}

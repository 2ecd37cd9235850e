import { findEncoding } from './encoding.ts';
import { type SourceFile, readBytes, unreadable } from './source-file.ts';

/** Longest line of a text file, bytes. */
export const maxLine = 1 << 20;
const blockSize = 1 << 20;
const sniffed = 4096;

/** Whole lines of a file as text, about a megabyte at a time. */
interface TextBlock {
  readonly text: string;
  /** 1-based number of the block's first line. */
  readonly line: number;
}

/**
 * The bytes of a text file without its byte order mark. UTF-16, with a mark or recognised by its zero bytes, comes out
 * as UTF-8, and so does an encoding that is certain, where `onEncoding` takes its name; any other comes as it is
 * (`decodeText` reads its texts).
 */
export async function* readText(file: SourceFile, onEncoding?: (encoding: string) => void): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let first = true;
  for await (const bytes of readBytes(file)) {
    if (first) {
      const foreign = onEncoding && findEncoding(bytes.subarray(0, sniffed));
      if (foreign !== undefined) onEncoding?.(foreign);
      const encoding = utf16Of(bytes) ?? foreign;
      if (encoding !== undefined) decoder = new TextDecoder(encoding);
    }
    if (decoder) yield Buffer.from(decoder.decode(bytes, { stream: true }));
    else yield first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
    first = false;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

/** Without a mark, Latin letters, digits and signs in UTF-16 have every other byte zero. */
function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(bytes.length, sniffed) >> 1;
  let [high, low] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    if (bytes[2 * pair] === 0) high++;
    if (bytes[2 * pair + 1] === 0) low++;
  }
  if (low > pairs * 0.4 && high < pairs * 0.05) return 'utf-16le';
  return high > pairs * 0.4 && low < pairs * 0.05 ? 'utf-16be' : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows = new TextDecoder('windows-1252');

/** The text of bytes that are UTF-8 or, where they cannot be, Windows-1252. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly windows: boolean } {
  try {
    return { text: utf8.decode(bytes), windows: false };
  } catch {
    return { text: windows.decode(bytes), windows: true };
  }
}

/**
 * Reads a text file in blocks that end with a line. Lines may end in LF, CRLF or a lone CR, which all come out as LF.
 * @throws AppError data_unreadable on a line above 1 MiB
 */
export async function* readBlocks(file: SourceFile): AsyncGenerator<TextBlock> {
  const decoder = new TextDecoder();
  let pending = '';
  let line = 1;
  for await (const bytes of readText(file)) {
    pending += decoder.decode(bytes, { stream: true });
    if (pending.length < blockSize) continue;
    // A CR at the very end may be half of a CRLF: it waits for the next piece.
    const end = Math.max(pending.lastIndexOf('\n'), pending.lastIndexOf('\r', pending.length - 2)) + 1;
    if (pending.length - end > maxLine) throw tooLong(file, line);
    if (end === 0) continue;
    const text = unifyLines(pending.slice(0, end));
    pending = pending.slice(end);
    yield { text, line };
    line += countLines(text);
  }
  pending += decoder.decode();
  if (pending !== '') yield { text: unifyLines(pending), line };
}

function unifyLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The error of a line that is too long to be one of a table. */
export function tooLong(file: SourceFile, line: number): Error {
  return unreadable(file.name, `has a line of more than 1 MiB after line ${line}`, 'Expected one bar a line.');
}

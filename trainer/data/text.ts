import { type SourceFile, readBytes, unreadable } from './source-file.ts';

const maxLine = 1 << 20;
const blockSize = 1 << 20;

/** Whole lines of a file as text, about a megabyte at a time. */
export interface TextBlock {
  readonly text: string;
  /** 1-based number of the block's first line. */
  readonly line: number;
}

/**
 * Reads a text file in blocks that end with a line: UTF-8, or UTF-16 where its byte order mark says so; marks are
 * removed. Lines may end in LF, CRLF or a lone CR, which all come out as LF.
 * @throws AppError data_unreadable on a line above 1 MiB
 */
export async function* readBlocks(file: SourceFile): AsyncGenerator<TextBlock> {
  let decoder: TextDecoder | undefined;
  let pending = '';
  let line = 1;
  for await (const bytes of readBytes(file)) {
    decoder ??= new TextDecoder(encodingOf(bytes));
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
  pending += decoder?.decode() ?? '';
  if (pending !== '') yield { text: unifyLines(pending), line };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function unifyLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function tooLong(file: SourceFile, line: number): Error {
  return unreadable(file.name, `has a line of more than 1 MiB after line ${line}`, 'Expected one bar a line.');
}

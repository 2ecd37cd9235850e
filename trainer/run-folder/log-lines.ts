import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { maxEventBytes } from '#core/run/event.ts';

const chunkBytes = 1 << 20;
const newline = 0x0a;

/** Whole lines from `offset` on; `bytes` of each includes its line feed. `text` is null where the line is too long. */
export interface LineChunk {
  readonly lines: readonly { readonly offset: number; readonly bytes: number; readonly text: string | null }[];
  /** Byte after the last whole line read: go on from here. Equal to the start where there is no whole line yet. */
  readonly next: number;
}

/** Reads up to a mebibyte of whole lines. A last line without a line feed is left for later: its writer is at work. */
export async function readLines(file: FileHandle, offset: number): Promise<LineChunk> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset);
  const chunk = buffer.subarray(0, bytesRead);
  const lines: { offset: number; bytes: number; text: string | null }[] = [];
  let start = 0;
  for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
    const bytes = end + 1 - start;
    const text = bytes > maxEventBytes ? null : chunk.toString('utf8', start, end);
    lines.push({ offset: offset + start, bytes, text });
    start = end + 1;
  }
  if (lines.length > 0 || bytesRead < chunkBytes) return { lines, next: offset + start };
  const end = await findNewline(file, offset + bytesRead, buffer);
  if (end === null) return { lines: [], next: offset };
  return { lines: [{ offset, bytes: end + 1 - offset, text: null }], next: end + 1 };
}

const tailBytes = 1024;

/** sha256 of the last 1024 bytes before `end`, or of all where there are fewer: they bear times, so no two logs have the same. */
export async function tailDigest(file: FileHandle, end: number): Promise<string> {
  const length = Math.min(tailBytes, end);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, end - length);
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
}

async function findNewline(file: FileHandle, from: number, buffer: Buffer): Promise<number | null> {
  for (let at = from; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return null;
    const found = buffer.subarray(0, bytesRead).indexOf(newline);
    if (found >= 0) return at + found;
    at += bytesRead;
  }
}

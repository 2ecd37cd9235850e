import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { openRunFile } from './open-file.ts';

/** A part of `trainer.log`; `next` is the byte to go on from. */
interface PrintedLog {
  readonly text: string;
  readonly offset: number;
  readonly next: number;
  readonly size: number;
}

/** Reads at most `limit` bytes from byte `offset` on; a negative offset counts from the end. Empty where there is no log. */
export async function readPrinted(runFolder: string, offset: number, limit: number): Promise<PrintedLog> {
  const file = await openRunFile(runFolder, runFiles.printed).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  if (file === null) return { text: '', offset: 0, next: 0, size: 0 };
  try {
    const size = file.bytes;
    const from = Math.min(size, offset < 0 ? Math.max(0, size + offset) : offset);
    const buffer = Buffer.alloc(Math.min(limit, size - from));
    const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, from);
    const end = wholeCharacters(buffer, bytesRead);
    return { text: buffer.toString('utf8', 0, end), offset: from, next: from + end, size };
  } finally {
    await file.handle.close();
  }
}

/** Length without a UTF-8 character that begins in the buffer and does not end in it: it waits for its rest. */
function wholeCharacters(buffer: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(4, length); back++) {
    const byte = buffer[length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back && length > back ? length - back : length;
  }
  return length;
}

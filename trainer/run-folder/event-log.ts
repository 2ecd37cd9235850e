import { closeSync, fstatSync, fsync, fsyncSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { type EventBody, eventSchema, maxEventBytes, type RunEvent } from '#core/run/event.ts';
import { openPlainFile, openPlainFileSync } from '#disk/plain-file.ts';

/** The calls that the log makes; a test gives ones that fail. */
interface LogDisk {
  open(path: string): number;
  size(descriptor: number): number;
  read(descriptor: number, into: Uint8Array, length: number, position: number): number;
  write(descriptor: number, bytes: Uint8Array, offset: number): number;
  truncate(descriptor: number, size: number): void;
  sync(descriptor: number): void;
  /** Sync that leaves the event loop free; `done` gets the error, if any. */
  syncLater(descriptor: number, done: (error: Error | null) => void): void;
  close(descriptor: number): void;
}

export const logDisk: LogDisk = {
  open: (path) => openPlainFileSync(path, 'read and append'),
  size: (descriptor) => fstatSync(descriptor).size,
  read: (descriptor, into, length, position) => readSync(descriptor, into, 0, length, position),
  write: (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset),
  truncate: (descriptor, size) => ftruncateSync(descriptor, size),
  sync: (descriptor) => fsyncSync(descriptor),
  syncLater: (descriptor, done) => fsync(descriptor, done),
  close: (descriptor) => closeSync(descriptor),
};

const maxTextLength = 16_384;
const newline = 0x0a;

/** The open `events.jsonl` of a run. One writer at a time: whoever opens it holds the attempt lock. */
export interface EventLog {
  /** seq of the last event in the file, by whomever written; 0 in an empty log. */
  readonly lastSeq: number;
  /** That event; null in an empty log, or where its type is not one of ours. */
  readonly last: RunEvent | null;
  /** Appends one whole line and answers the event with its seq. Throws where the disk does not take the whole line. */
  append(body: EventBody): RunEvent;
  /** Returns when all that was appended has reached the disk. */
  sync(): void;
  /** Syncs and closes; nothing can be appended after it. */
  close(): void;
}

interface Tail {
  /** Byte after the last whole line. */
  readonly end: number;
  readonly lastSeq: number;
  readonly last: RunEvent | null;
}

/** Where the last whole line ends, and the last event that can be read: found from the end, in blocks. */
function findTail(disk: LogDisk, descriptor: number): Tail {
  let position = disk.size(descriptor);
  let end = 0;
  // `rest` holds the bytes from `position` on that belong to a line whose beginning is not read yet.
  let rest = Buffer.alloc(0);
  while (position > 0) {
    const length = Math.min(65_536, position);
    const block = Buffer.alloc(length);
    position -= length;
    for (let filled = 0; filled < length;) {
      const got = disk.read(descriptor, block.subarray(filled), length - filled, position + filled);
      if (got === 0) throw new Error('events.jsonl became shorter while it was read.');
      filled += got;
    }
    rest = Buffer.concat([block, rest]);
    if (end === 0) {
      const cut = rest.lastIndexOf(newline);
      if (cut < 0) {
        // A torn line can be long; its bytes are not needed, only that it has no end.
        rest = Buffer.alloc(0);
        continue;
      }
      end = position + cut + 1;
      rest = rest.subarray(0, cut);
    }
    for (;;) {
      const start = rest.lastIndexOf(newline);
      if (start < 0 && position > 0) break;
      const found = parseLine(rest.subarray(start + 1).toString('utf8'));
      if (found) return { end, ...found };
      if (start < 0) break;
      rest = rest.subarray(0, start);
    }
    // A whole line that is damaged and huge: only its end matters for the search.
    if (rest.length > 2 * maxEventBytes) rest = rest.subarray(0, maxEventBytes);
  }
  return { end, lastSeq: 0, last: null };
}

const numbered = z.looseObject({ seq: z.int().min(1) });

/** A line of a newer version may hold a type that we do not know; its seq is taken all the same. */
function parseLine(line: string): Omit<Tail, 'end'> | null {
  try {
    const value = numbered.parse(JSON.parse(line));
    return { lastSeq: value.seq, last: eventSchema.safeParse(value).data ?? null };
  } catch {
    return null;
  }
}

function clip(body: EventBody): EventBody {
  if (body.type === 'log' && body.message.length > maxTextLength)
    return { ...body, message: `${body.message.slice(0, maxTextLength)} … (cut)` };
  if (body.type === 'status' && body.reason && body.reason.length > maxTextLength)
    return { ...body, reason: `${body.reason.slice(0, maxTextLength)} … (cut)` };
  return body;
}

/**
 * Opens the log for `attempt`, cuts a torn last line and goes on after the last seq. A damaged but whole line is left
 * where it is (readers have counted it and are past it); seq goes on from the last line that can be read.
 *
 * What is appended is in the file at once, so that a killed process loses nothing; it is synced to the disk every
 * `syncEvery` ms (default 1000; 0 = never by itself), and by `sync` and `close`. A sync that fails is final: what the
 * kernel has dropped cannot be known, so the next call throws.
 *
 * @example
 * const log = openEventLog('events.jsonl', 1);
 * log.append({ type: 'log', level: 'info', message: 'Attempt 1 begins.' }).seq; // the last seq in the file, plus one
 * log.close();
 */
export function openEventLog(
  path: string,
  attempt: number,
  options: { readonly disk?: LogDisk; readonly now?: () => Date; readonly syncEvery?: number } = {},
): EventLog {
  const { disk = logDisk, now = () => new Date(), syncEvery = 1000 } = options;
  const descriptor = disk.open(path);
  const tail = findTail(disk, descriptor);
  if (tail.end < disk.size(descriptor)) disk.truncate(descriptor, tail.end);
  let size = tail.end;
  let { lastSeq, last } = tail;
  let dirty = false;
  let open = true;
  let failure: Error | null = null;

  const sync = () => {
    if (failure) throw failure;
    if (!dirty) return;
    dirty = false;
    try {
      disk.sync(descriptor);
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const scheduleSync = () => {
    if (syncEvery === 0 || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (!open || !dirty) return;
      dirty = false;
      disk.syncLater(descriptor, (error) => {
        if (error && open) failure ??= error;
      });
    }, syncEvery).unref();
  };

  return {
    get lastSeq() {
      return lastSeq;
    },
    get last() {
      return last;
    },
    append(body) {
      if (failure) throw failure;
      if (!open) throw new Error('The event log is closed.');
      const event: RunEvent = { seq: lastSeq + 1, at: now().toISOString(), attempt, ...clip(body) };
      const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
      if (bytes.length > maxEventBytes) throw new Error(`An event of ${bytes.length} bytes is over ${maxEventBytes}.`);
      try {
        for (let written = 0; written < bytes.length;) written += disk.write(descriptor, bytes, written);
      } catch (error) {
        try {
          disk.truncate(descriptor, size);
        } catch {
          // The torn line stays: readers stop before it and the next writer cuts it. Appending would bury it.
          failure = error as Error;
        }
        throw error;
      }
      size += bytes.length;
      last = event;
      lastSeq = event.seq;
      dirty = true;
      scheduleSync();
      return event;
    },
    sync,
    close() {
      if (!open) return;
      clearTimeout(timer);
      try {
        sync();
      } finally {
        open = false;
        disk.close(descriptor);
      }
    },
  };
}

/**
 * Appends one event of the sidecar's own (`queued`, `starting`, `cancelled`, `interrupted`) to a log that no process
 * writes to, and syncs it. What lies behind `offset`, the end of the last whole line, is a torn line and is cut.
 * @param offset bytes of the log that are indexed; @param lastSeq the seq they end with.
 */
export async function appendSidecarEvent(
  path: string,
  after: { readonly offset: number; readonly lastSeq: number },
  attempt: number,
  body: EventBody,
  now: Date,
): Promise<void> {
  const file = await openPlainFile(path, 'append');
  try {
    if ((await file.stat()).size > after.offset) await file.truncate(after.offset);
    const event = { seq: after.lastSeq + 1, at: now.toISOString(), attempt, ...body };
    await file.writeFile(`${JSON.stringify(event)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

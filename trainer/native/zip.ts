import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { fail } from './fail.ts';

interface ZipEntry {
  readonly name: string;
  readonly stored: boolean;
  readonly size: number;
  readonly packed: number;
  /** Where its local header starts. */
  readonly header: number;
}

/** A wheel is a zip file. Read by its directory, so that of a wheel of 600 MB only what is wanted is unpacked. */
export async function unpackZip(path: string, target: (name: string) => string | null): Promise<string[]> {
  const file = await open(path, 'r').catch((cause: unknown) => fail(`${path} cannot be read.`, cause));
  try {
    const names: string[] = [];
    for (const entry of await readDirectory(file, path)) {
      const to = entry.name.endsWith('/') ? null : target(entry.name);
      if (to === null) continue;
      await unpackEntry(file, path, entry, to);
      names.push(entry.name);
    }
    return names;
  } finally {
    await file.close();
  }
}

const damaged = (path: string): never => fail(`${path} is truncated or is no wheel: fetch it again.`);

async function bytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The entries of the central directory (APPNOTE 4.3.12), which the record at the end of the file points to. */
async function readDirectory(file: FileHandle, path: string): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const length = Math.min(size, 65_557);
  const tail = await bytes(file, size - length, length);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) return damaged(path);
  const count = tail.readUInt16LE(end + 10);
  const directory = await bytes(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0, n = 0; n < count; n++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) return damaged(path);
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      stored: directory.readUInt16LE(at + 10) === 0,
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      header: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function unpackEntry(file: FileHandle, path: string, entry: ZipEntry, to: string): Promise<void> {
  const header = await bytes(file, entry.header, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) damaged(path);
  const start = entry.header + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  mkdirSync(dirname(to), { recursive: true });
  const output = createWriteStream(to);
  if (entry.packed > 0) {
    const packed = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
    try {
      if (entry.stored) await pipeline(packed, output);
      else await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), output);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw cause;
      damaged(path);
    }
  } else output.end();
  if (output.bytesWritten !== entry.size) damaged(path);
}

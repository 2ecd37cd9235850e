import { createHash, webcrypto } from 'node:crypto';
import { type FileHandle, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openPlainFile } from '#disk/plain-file.ts';

/** Numbers of one kind, in memory as on the disk. */
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** What a step comes to: what can be said in JSON, and arrays of numbers by name. */
export interface Content {
  readonly meta: unknown;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

const kinds = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;

/** First bytes of a file: what it is, and the version of this format. */
const magic = 'ALMCONT1';
/** Magic, and the bytes of the header as a 64-bit number, little endian. */
const prefix = 16;
const align = 8;
/** Bytes that are hashed at a time, in threads of Node's pool. */
const piece = 32 * 1024 ** 2;
/** A header has names, counts and what a report says: more is damage. */
const longestHeader = 64 * 1024 ** 2;

const headerSchema = z.object({
  meta: z.unknown(),
  arrays: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['f64', 'f32', 'i32', 'u8']),
      length: z.int(),
      sha256: z.array(z.string()),
    }),
  ),
});

/** Content that has its name. */
export interface PackedContent {
  /** sha256 in hex of the header, which names that of every piece. */
  readonly id: string;
  /** Of the whole file. */
  readonly bytes: number;
  readonly header: Buffer;
  readonly arrays: readonly NumberArray[];
}

/** Names content by what it is: equal content has one id, whoever packed it. Hashes in threads of Node's pool. */
export async function packContent({ meta, arrays }: Content): Promise<PackedContent> {
  const entries = Object.entries(arrays);
  const described = await Promise.all(
    entries.map(async ([name, array]) => ({
      name,
      kind: kindOf(array),
      length: array.length,
      sha256: await hashPieces(array),
    })),
  );
  // As it is, not with sorted keys: files that are written of it have the order of what was computed.
  const header = Buffer.from(JSON.stringify({ meta, arrays: described }));
  const bytes = entries.reduce((sum, [, { byteLength }]) => sum + padded(byteLength), padded(prefix + header.length));
  return { id: sha256(header), bytes, header, arrays: entries.map(([, array]) => array) };
}

/**
 * Writes `<folder>/<id>` as a whole: under a name of its own first, so that several may write one id at once and a kill
 * leaves no half of it. It reaches the disk when the system likes: what does not is damaged, and told by its id.
 * @param draft name that no other writer has
 */
export async function writeContent(
  folder: string,
  { id, header, arrays }: PackedContent,
  draft: string,
): Promise<void> {
  const path = join(folder, draft);
  try {
    const file = await openPlainFile(path, 'replace');
    try {
      const head = Buffer.alloc(padded(prefix + header.length));
      head.write(magic, 'latin1');
      head.writeBigUInt64LE(BigInt(header.length), magic.length);
      header.copy(head, prefix);
      await file.writeFile(head);
      for (const { buffer, byteOffset, byteLength } of arrays) {
        await writePieces(file, new Uint8Array(buffer, byteOffset, byteLength));
        if (padded(byteLength) > byteLength) await file.writeFile(Buffer.alloc(padded(byteLength) - byteLength));
      }
    } finally {
      await file.close();
    }
    await rename(path, join(folder, id));
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Reads `<folder>/<id>`; every byte is checked against the id.
 * @throws DamagedContent where it is not what was written; what the system says otherwise
 */
export async function readContent(folder: string, id: string): Promise<Content> {
  const file = await openPlainFile(join(folder, id));
  try {
    const { header, size, from } = await readHeader(file, id);
    const arrays: [string, NumberArray][] = [];
    const checks: Promise<void>[] = [];
    let at = from;
    for (const { name, kind, length, sha256: expected } of header.arrays) {
      const bytes = length * kinds[kind].BYTES_PER_ELEMENT;
      if (at + bytes > size) throw new DamagedContent('it is cut off');
      const buffer = new ArrayBuffer(bytes);
      await readInto(file, new Uint8Array(buffer), at);
      const array = new kinds[kind](buffer);
      const check = hashPieces(array).then((found) => {
        if (found.join() !== expected.join()) throw new DamagedContent(`${name} is not what was written`);
      });
      // Awaited below: until then one that fails is no unhandled one.
      check.catch(() => {});
      checks.push(check);
      arrays.push([name, array]);
      at += padded(bytes);
    }
    await Promise.all(checks);
    return { meta: header.meta, arrays: Object.fromEntries(arrays) };
  } finally {
    await file.close();
  }
}

/** What `<folder>/<id>` says in JSON, without its arrays. @throws as readContent */
export async function readMeta(folder: string, id: string): Promise<unknown> {
  const file = await openPlainFile(join(folder, id));
  try {
    return (await readHeader(file, id)).header.meta;
  } finally {
    await file.close();
  }
}

async function readHeader(
  file: FileHandle,
  id: string,
): Promise<{ readonly header: z.infer<typeof headerSchema>; readonly size: number; readonly from: number }> {
  const { size } = await file.stat();
  const head = await readBytes(file, prefix, 0, size);
  const length = Number(head.readBigUInt64LE(magic.length));
  if (head.toString('latin1', 0, magic.length) !== magic || !(length <= longestHeader)) {
    throw new DamagedContent('its beginning is not that of one');
  }
  const text = await readBytes(file, length, prefix, size);
  if (sha256(text) !== id) throw new DamagedContent('its header is not the one that was written');
  return { header: headerSchema.parse(JSON.parse(text.toString('utf8'))), size, from: padded(prefix + length) };
}

/** A file of content that is not what was written. */
export class DamagedContent extends Error {
  override readonly name = 'DamagedContent';
}

function kindOf(array: NumberArray): Kind {
  if (array instanceof Float64Array) return 'f64';
  if (array instanceof Float32Array) return 'f32';
  return array instanceof Int32Array ? 'i32' : 'u8';
}

function padded(bytes: number): number {
  return Math.ceil(bytes / align) * align;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashPieces({ buffer, byteOffset, byteLength }: NumberArray): Promise<string[]> {
  const hashes: string[] = [];
  // One after another: each is copied while it is hashed, and several arrays are hashed at once already.
  for (let at = 0; at < byteLength; at += piece) {
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset + at, Math.min(piece, byteLength - at));
    hashes.push(Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex'));
  }
  return hashes;
}

async function writePieces(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) await file.writeFile(bytes.subarray(at, at + piece));
}

async function readBytes(file: FileHandle, length: number, at: number, size: number): Promise<Buffer> {
  if (at + length > size) throw new DamagedContent('it is cut off');
  const bytes = Buffer.alloc(length);
  await readInto(file, bytes, at);
  return bytes;
}

async function readInto(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(piece, bytes.length - done), position + done);
    if (bytesRead === 0) throw new DamagedContent('it is cut off');
    done += bytesRead;
  }
}

import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { formatBytes } from '#core/bytes.ts';
import { dataEndings } from '#core/table/data-endings.ts';
import { AppError } from '#core/error.ts';
import { findFileNameFault } from '#core/given-name.ts';
import { foreignByName } from '#core/table/foreign-format.ts';
import { freeBytesOf } from '#disk/free-bytes.ts';
import { isDiskFull } from '#disk/full-disk.ts';

/** Largest data file the page takes: 1 GB. */
const maxDataBytes = 1_000_000_000;

/** Bytes that an upload leaves free for what runs have to write. */
const reserve = 64 * 2 ** 20;
/** The disk is looked at again after so many bytes. */
const lookEvery = 8 * 2 ** 20;

interface UploadOptions {
  readonly maxBytes?: number;
  /** Length that the client announced; 0 where it announced none. */
  readonly announced?: number;
  /** Bytes free on the disk of a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** A stored upload: the path a notebook names it by. */
interface StoredDataFile {
  readonly path: string;
  readonly bytes: number;
  /** The very same bytes lay there under that name already; nothing was written. */
  readonly known: boolean;
}

const folderName = 'data';
const pattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}\\.(?:${dataEndings.join('|')})(?:\\.gz)?$`, 'i');

/** Whether a name may be a data file of ours: a plain name with an ending that can be read. */
export function isDataName(name: string): boolean {
  return findFileNameFault(name) === null && pattern.test(name) && !name.includes('..');
}

/**
 * Stores an upload in `notebooks/data`: streamed to a temporary file, synced, then linked under its name, which fails
 * where the name is taken, so that nothing is ever overwritten: equal bytes are that file, others get `-2`, `-3` …
 * @throws AppError invalid_request (name, empty), too_large, forbidden (the folder is a link), disk_full
 */
export async function storeDataFile(
  notebooks: string,
  name: string,
  body: ReadableStream<Uint8Array> | null,
  { maxBytes = maxDataBytes, announced = 0, freeBytes = freeBytesOf }: UploadOptions = {},
): Promise<StoredDataFile> {
  if (!isDataName(name)) {
    const foreign = foreignByName(name);
    if (foreign) {
      const shown = JSON.stringify(name.slice(0, 120));
      throw new AppError('invalid_request', `${shown} is ${foreign.name}, which is not read. ${foreign.advice}`);
    }
    const fault = findFileNameFault(name);
    if (fault !== null) {
      const shown = JSON.stringify(name.slice(0, 120));
      throw new AppError('invalid_request', `A data file cannot be called ${shown}: its name ${fault}. Rename it`);
    }
    throw new AppError(
      'invalid_request',
      `Expected a file name of letters, digits, dot, space, - and _ that ends in .${dataEndings.join(', .')}, or one of these with .gz; received ${JSON.stringify(name.slice(0, 120))}`,
    );
  }
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const folder = await ownFolder(notebooks).catch((error: unknown) => {
    throw toRefusal(error);
  });
  const requireRoom = async (bytes: number) => {
    const free = await freeBytes(folder);
    if (free - bytes < reserve) throw diskFull(free);
  };
  await requireRoom(announced);
  const temporary = join(folder, `.${randomUUID()}.upload`);
  try {
    const { bytes, sha256 } = await receive(temporary, name, body, { maxBytes, requireRoom });
    for (let attempt = 1; attempt < 1000; attempt++) {
      const numbered = attempt === 1 ? name : number(name, attempt);
      const path = `${folderName}/${numbered}`;
      try {
        await link(temporary, join(folder, numbered));
        return { path, bytes, known: false };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      if (await isSame(join(folder, numbered), bytes, sha256)) return { path, bytes, known: true };
    }
    throw new AppError('key_conflict', `No free name for ${JSON.stringify(name)}: rename the file and try again`);
  } catch (error) {
    throw toRefusal(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `notebooks/data`, made if need be; a link that leads elsewhere is refused. */
async function ownFolder(notebooks: string): Promise<string> {
  await mkdir(join(notebooks, folderName), { recursive: true });
  const [root, folder] = await Promise.all([realpath(notebooks), realpath(join(notebooks, folderName))]);
  if (folder === join(root, folderName)) return folder;
  throw new AppError('forbidden', 'The folder notebooks/data is a link, so nothing is stored through it');
}

async function receive(
  path: string,
  name: string,
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, requireRoom }: { readonly maxBytes: number; readonly requireRoom: (bytes: number) => Promise<void> },
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let looked = 0;
  const handle = await open(path, 'wx');
  try {
    const reader = body?.getReader();
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      bytes += next.value.byteLength;
      // Not cancelled: that would cut the connection before the answer is sent.
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      if (bytes - looked >= lookEvery) {
        looked = bytes;
        await requireRoom(0);
      }
      hash.update(next.value);
      await handle.writeFile(next.value);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (bytes === 0)
    throw new AppError(
      'invalid_request',
      `${JSON.stringify(name)} is empty: 0 bytes came; save it again and drop it anew`,
    );
  return { bytes, sha256: hash.digest('hex') };
}

async function isSame(path: string, bytes: number, sha256: string): Promise<boolean> {
  if ((await stat(path).catch(() => null))?.size !== bytes) return false;
  const hash: Hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}

/** bars.csv.gz → bars-2.csv.gz */
function number(name: string, count: number): string {
  const ending = /\.gz$/i.test(name) ? extname(name.slice(0, -3)) + name.slice(-3) : extname(name);
  return `${name.slice(0, name.length - ending.length)}-${count}${ending}`;
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `A data file may have at most ${maxBytes.toLocaleString('en')} bytes`);
}

/** @param free bytes there are; absent where the disk took nothing more. */
function diskFull(free?: number): AppError {
  const room =
    free === undefined
      ? 'The disk is full'
      : `The disk has ${formatBytes(free)} free, and ${formatBytes(reserve)} of it are kept for runs`;
  return new AppError('disk_full', `${room}: nothing was kept of this file. Free some space and try again`);
}

function toRefusal(error: unknown): unknown {
  return isDiskFull(error) ? diskFull() : error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

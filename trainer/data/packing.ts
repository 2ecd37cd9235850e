import { countWords } from '#core/count-words.ts';
import { isDataFile } from './locate.ts';
import { type Packing, type SourceFile } from './source-file.ts';
import { findZipEntry } from './zip.ts';

/** A file with its packing found out. */
interface Unpacked {
  readonly file: SourceFile;
  /** What the content calls itself: the name inside a zip, or that of the file without `.gz` or `.zip`. */
  readonly name: string;
  readonly notes: readonly string[];
}

/**
 * Finds out by its first bytes, whatever its name, whether a file is packed with gzip or is a zip with one data file.
 * @throws AppError data_unreadable, data_empty
 */
export async function findPacking(file: SourceFile): Promise<Unpacked> {
  const head = await readStart(file);
  const packed = /\.(gz|zip)$/i.exec(file.name)?.[1].toLowerCase();
  if (isGzip(head)) {
    const packing: Packing = { method: 'gzip', start: 0, end: file.size };
    const notes = packed === 'gz' ? [] : ['packed with gzip, though its name does not say so'];
    return { file: { ...file, packing }, name: file.name.replace(/\.(gz|zip)$/i, ''), notes };
  }
  if (isZip(head)) {
    const { name, packing, others } = await findZipEntry(file, isDataFile);
    const notes = [`read ${JSON.stringify(name.slice(0, 80))} of the zip`];
    if (packed !== 'zip') notes.unshift('a zip, though its name does not say so');
    if (others > 0) notes.push(`${countWords(others, 'other file')} of the zip left alone`);
    return { file: { ...file, packing }, name, notes };
  }
  if (packed === undefined) return { file, name: file.name, notes: [] };
  return { file, name: file.name.slice(0, -1 - packed.length), notes: [`not packed, though its name says ${packed}`] };
}

/** Whether bytes begin as a packing does, so that one within another can be named. */
export function packingOf(head: Uint8Array): 'gzip' | 'zip' | undefined {
  if (isGzip(head)) return 'gzip';
  return isZip(head) ? 'zip' : undefined;
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** A zip begins with its first file, or with its end where it has none. */
function isZip(head: Uint8Array): boolean {
  const mark = head[2] === 3 && head[3] === 4;
  return head[0] === 0x50 && head[1] === 0x4b && (mark || (head[2] === 5 && head[3] === 6));
}

/** The file may have shrunk since it was opened, so that fewer bytes are no error yet. */
async function readStart({ handle }: SourceFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(4);
  const { bytesRead } = await handle.read(bytes, 0, 4, 0);
  return bytes.subarray(0, bytesRead);
}

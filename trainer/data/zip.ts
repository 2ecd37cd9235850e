import { foreignByEntries } from '#core/table/foreign-format.ts';
import { AppError } from '#core/error.ts';
import { type Packing, readRange, type SourceFile, unreadable } from './source-file.ts';

/** The data file of a zip. */
interface ZipEntry {
  /** Base name, as the zip has it. */
  readonly name: string;
  readonly packing: Packing;
  /** How many other files the zip holds. */
  readonly others: number;
}

/** One file as the directory of the zip lists it (APPNOTE.TXT 4.3.12). */
interface Entry {
  readonly name: string;
  readonly encrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const endSize = 22;
const maxComment = 0xffff;
const maxEntries = 1000;
const maxDirectory = 1 << 20;
const marks = { entry: 0x02014b50, local: 0x04034b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };

/**
 * Finds the one data file of a zip, by the directory at its end; nothing is ever unpacked to disk. Where there are
 * several, what is beside one table (a readme, a checksum, a report) is left alone.
 * @throws AppError data_unreadable (several data files, none, encrypted, another method than deflate, damaged),
 *   data_empty
 */
export async function findZipEntry(file: SourceFile, isData: (name: string) => boolean): Promise<ZipEntry> {
  const entries = (await readDirectory(file)).filter(
    ({ name }) => !/\/$|(?:^|\/)(?:__MACOSX\/|\.(?!\.?\/))/.test(name),
  );
  const foreign = foreignByEntries(entries.map(({ name }) => name));
  if (foreign) throw unreadable(file.name, `is ${foreign.name}, which is not read`, foreign.advice);
  if (entries.length === 0) throw empty(file.name, 'is a zip without a file');
  const entry = choose(file, entries, isData);
  if (entry.encrypted) throw unreadable(file.name, 'is encrypted with a password', 'Unpack it first.');
  if (entry.method !== 0 && entry.method !== 8) {
    const method = `is a zip packed by method ${entry.method}, where deflate is read`;
    throw unreadable(file.name, method, 'Unpack it first, or pack it anew.');
  }
  if (entry.size === 0) throw empty(file.name, `is a zip whose ${quote(entry)} has 0 bytes`);
  const start = await findContent(file, entry);
  const packing: Packing = {
    method: entry.method === 8 ? 'deflate' : 'stored',
    start,
    end: start + entry.packed,
    crc: entry.crc,
  };
  return { name: baseName(entry), packing, others: entries.length - 1 };
}

function choose(file: SourceFile, entries: readonly Entry[], isData: (name: string) => boolean): Entry {
  if (entries.length === 1) return entries[0];
  const data = entries.filter((entry) => isData(baseName(entry)));
  const tables = data.filter(({ name }) => !/\.(?:txt|dat)$/i.test(name));
  for (const some of [data, tables]) if (some.length === 1) return some[0];
  const listed = (data.length > 0 ? data : entries).slice(0, 5).map(quote).join(', ');
  const count = data.length > 0 ? `${data.length} data files` : `${entries.length} files and no table`;
  throw unreadable(
    file.name,
    `is a zip with ${count} (${listed}${entries.length > 5 ? ', …' : ''})`,
    'Expected one data file: unpack it, and name the file, or all of them by a pattern such as folder/*.csv.',
  );
}

async function readDirectory(file: SourceFile): Promise<Entry[]> {
  const { count, size, offset } = await findDirectory(file);
  if (count > maxEntries || size > maxDirectory) {
    throw unreadable(file.name, `is a zip with more than ${maxEntries} files`, 'Expected one data file.');
  }
  const bytes = await readRange(file, offset, offset + size);
  const view = new DataView(bytes.buffer);
  const entries: Entry[] = [];
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > size || view.getUint32(at, true) !== marks.entry) throw damaged(file, 'its directory is torn');
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + 46 + name + extra + comment;
    if (end > size) throw damaged(file, 'its directory is torn');
    const sizes = readSizes(view, at, at + 46 + name, extra);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...sizes,
    });
    at = end;
  }
  return entries;
}

/** Sizes and place of an entry; those that do not fit 32 bits stand in the extra field 1, in this order (4.5.3). */
function readSizes(
  view: DataView,
  at: number,
  extra: number,
  length: number,
): Pick<Entry, 'size' | 'packed' | 'offset'> {
  const [size, packed, offset] = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const values = { size, packed, offset };
  let wide = extra;
  while (wide + 4 <= extra + length && view.getUint16(wide, true) !== 1) wide += 4 + view.getUint16(wide + 2, true);
  wide += 4;
  for (const key of ['size', 'packed', 'offset'] as const) {
    if (values[key] !== 0xffffffff || wide + 8 > extra + length) continue;
    values[key] = Number(view.getBigUint64(wide, true));
    wide += 8;
  }
  return values;
}

/** Where the directory lies, by the record at the end of the file and its 64-bit form (4.3.14 to 4.3.16). */
async function findDirectory(file: SourceFile): Promise<{ count: number; size: number; offset: number }> {
  const from = Math.max(0, file.size - endSize - maxComment);
  const tail = await readRange(file, from, file.size);
  const view = new DataView(tail.buffer);
  for (let at = tail.length - endSize; at >= 0; at--) {
    if (view.getUint32(at, true) !== marks.end) continue;
    const found = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const isWide = found.count === 0xffff || found.size === 0xffffffff || found.offset === 0xffffffff;
    if (!isWide || at < 20 || view.getUint32(at - 20, true) !== marks.locator64) return found;
    const record = Number(view.getBigUint64(at - 12, true));
    const wide = new DataView((await readRange(file, record, record + 56)).buffer);
    if (wide.getUint32(0, true) !== marks.end64) throw damaged(file, 'its directory is not where it says');
    const [count, size, offset] = [32, 40, 48].map((field) => Number(wide.getBigUint64(field, true)));
    return { count, size, offset };
  }
  throw damaged(file, 'its directory is missing');
}

/** Where the content of an entry begins: behind its own header, whose lengths the directory does not repeat (4.3.7). */
async function findContent(file: SourceFile, { offset, packed }: Entry): Promise<number> {
  const view = new DataView((await readRange(file, offset, offset + 30)).buffer);
  if (view.getUint32(0, true) !== marks.local) throw damaged(file, 'a file is not where its directory says');
  const start = offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packed > file.size) throw damaged(file, 'a file reaches past its end');
  return start;
}

function baseName({ name }: Entry): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

function quote(entry: Entry): string {
  return JSON.stringify(baseName(entry).slice(0, 60));
}

function damaged({ name }: SourceFile, why: string): AppError {
  return unreadable(name, `is no readable zip file (${why})`, 'Check that it is whole.');
}

function empty(name: string, what: string): AppError {
  return new AppError('data_empty', `The data file ${JSON.stringify(name)} ${what}. Check that it is the right file.`);
}

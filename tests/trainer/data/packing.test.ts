import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { cells, readContent } from './read-file.ts';

const csv = Buffer.from('time,open,high,low,close,volume\n2024-01-01T00:00Z,1,2,1,2,5\n2024-01-01T01:00Z,2,3,2,3,5\n');
const json = Buffer.from('[{"time":"2024-01-01T00:00Z","close":2},{"time":"2024-01-01T01:00Z","close":3}]');
const last = ['2024-01-01T01:00Z', '2', '3', '2', '3', '5'];

describe('a packed file', () => {
  it.each([
    ['bars.csv', gzipSync(csv), ['packed with gzip, though its name does not say so']],
    ['bars.csv.gz', gzipSync(csv), []],
    ['bars.csv.gz', csv, ['not packed, though its name says gz']],
    ['bars.zip', csv, ['not packed, though its name says zip']],
    ['bars.zip', gzipSync(csv), ['packed with gzip, though its name does not say so']],
    ['bars.zip', zipSync({ 'XYZ-1m.csv': csv }), ['read "XYZ-1m.csv" of the zip']],
    ['bars.zip', zipSync({ 'XYZ-1m.csv': csv }, { level: 0 }), ['read "XYZ-1m.csv" of the zip']],
    [
      'bars.csv',
      zipSync({ a: { 'b.csv': csv } }),
      ['a zip, though its name does not say so', 'read "b.csv" of the zip'],
    ],
    ['bars.zip', zipSync({ 'no-ending': csv }), ['read "no-ending" of the zip']],
    ['bars.zip', zipSync({ 'b.csv': csv, '__MACOSX/._b.csv': csv, '.DS_Store': csv }), ['read "b.csv" of the zip']],
    [
      'bars.zip',
      zipSync({ 'b.csv': csv, 'status.txt': csv, 'b.csv.CHECKSUM': csv }),
      ['read "b.csv" of the zip', '2 other files of the zip left alone'],
    ],
    ['bars.zip', zipSync({ '../../etc/x.csv': csv }), ['read "x.csv" of the zip']],
  ])('%s is read by what it is (%#)', async (name, bytes, notes) => {
    const table = await readContent(name, bytes);
    expect(table.notes).toEqual(notes);
    expect(table.name).toBe(name);
    expect(cells(table, 1)).toEqual(last);
  });

  it('says the format of what is inside by its content, then by its name', async () => {
    expect((await readContent('bars.zip', zipSync({ 'a.json': json }))).names).toEqual(['time', 'close']);
    const table = await readContent('bars.csv.gz', gzipSync(json));
    expect(table.notes).toEqual(['read as JSON, though its name ends in .csv']);
    expect((await readContent('bars.json', csv)).notes).toEqual(['read as text, though its name ends in .json']);
  });

  /** A zip with some of its bytes changed, counted from its start, or from its end where `at` is below zero. */
  const changed = (at: number, ...bytes: number[]) => {
    const zip = Buffer.from(zipSync({ 'a.csv': csv }));
    zip.set(bytes, at < 0 ? zip.length + at : at);
    return zip;
  };
  const directory = Buffer.from(zipSync({ 'a.csv': csv })).indexOf('PK\x01\x02', 0, 'latin1');
  const refused: Record<string, readonly [bytes: Uint8Array, code: string, says: RegExp]> = {
    'several data files': [
      zipSync({ 'a.csv': csv, 'b.csv': csv }),
      'data_unreadable',
      /2 data files \("a\.csv", "b\.csv"\)/,
    ],
    'no data file': [
      zipSync({ 'a.pdf': csv, 'b.doc': csv }),
      'data_unreadable',
      /2 files and no table \("a\.pdf", "b\.doc"\)/,
    ],
    'no file': [zipSync({}), 'data_empty', /without a file/],
    'an empty file': [zipSync({ 'a.csv': Buffer.alloc(0) }), 'data_empty', /"a\.csv" has 0 bytes/],
    'a zip': [zipSync({ 'a.zip': zipSync({ 'a.csv': csv }) }), 'data_unreadable', /zip within a zip/],
    'a gzip': [zipSync({ 'a.csv.gz': gzipSync(csv) }), 'data_unreadable', /gzip within a zip/],
    'a workbook': [
      zipSync({ '[Content_Types].xml': csv, xl: { 'workbook.xml': csv } }),
      'data_unreadable',
      /Excel workbook, which is not read\. Save its sheet as CSV/,
    ],
    'a sheet': [zipSync({ mimetype: csv, 'content.xml': csv }), 'data_unreadable', /OpenDocument/],
    arrays: [zipSync({ 'close.npy': csv }), 'data_unreadable', /NumPy/],
    'a password': [changed(directory + 8, 1), 'data_unreadable', /encrypted with a password/],
    'another method': [changed(directory + 10, 9), 'data_unreadable', /method 9, where deflate is read/],
    'a wrong checksum': [changed(directory + 16, 0, 0, 0, 0), 'data_unreadable', /checksum/],
    'a place that is not there': [
      changed(directory + 42, 255, 255, 255, 127),
      'data_unreadable',
      /points outside of itself/,
    ],
    'a place that is wrong': [changed(directory + 42, 4), 'data_unreadable', /not where its directory says/],
    'a size past its end': [changed(directory + 20, 255, 255, 255, 127), 'data_unreadable', /past its end/],
    'more files than it has': [changed(-12, 9), 'data_unreadable', /directory is torn/],
    'no end': [changed(-22, 0), 'data_unreadable', /directory is missing/],
    'torn content': [changed(36, 255, 255, 255, 255), 'data_unreadable', /no readable zip file \(Z_DATA_ERROR\)/],
    'a bomb': [
      zipSync({ 'a.json': Buffer.alloc(64 << 20, '[1,') }),
      'data_unreadable',
      /grows past .* when decompressed/,
    ],
  };
  it.each(Object.entries(refused))('with %s is refused', async (_, [bytes, code, says]) => {
    await expect(readContent('bars.zip', bytes)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as string,
    });
  });

  it('is refused where it lies within another', async () => {
    await expect(readContent('a.csv.gz', gzipSync(gzipSync(csv)))).rejects.toThrow(/gzip within gzip\. Unpack it once/);
    await expect(readContent('a.csv.gz', gzipSync(zipSync({ 'a.csv': csv })))).rejects.toThrow(/zip within gzip/);
  });

  it('reads the sizes of a zip of the 64-bit form', async () => {
    const plain = Buffer.from(zipSync({ 'a.csv': csv }, { level: 0 }));
    const start = plain.indexOf('PK\x01\x02', 0, 'latin1');
    const entry = Buffer.from(plain.subarray(start, start + 46 + 5));
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [csv.length, csv.length, 0].forEach((value, k) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * k));
    for (const at of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, at);
    entry.writeUInt16LE(extra.length, 30);
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    [1, entry.length + extra.length, start].forEach((value, k) => record.writeBigUInt64LE(BigInt(value), 32 + 8 * k));
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(start + entry.length + extra.length), 8);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.fill(0xff, 8, 20);
    const table = await readContent(
      'bars.zip',
      Buffer.concat([plain.subarray(0, start), entry, extra, record, locator, end]),
    );
    expect(cells(table, 1)).toEqual(last);
  });
});

describe('a format that is not read', () => {
  const heads: Record<string, readonly [head: string, says: RegExp]> = {
    Feather: ['ARROW1\0\0', /Feather \(Arrow\), which is not read\. Save it as Parquet or CSV/],
    'Feather of the first version': ['FEA1', /Feather/],
    'a stream of Arrow': ['\xff\xff\xff\xff\x90\x05\0\0', /Feather \(Arrow\)/],
    'old Excel': ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /Excel workbook/],
    HDF5: ['\x89HDF\r\n\x1a\n', /HDF5/],
    pickle: ['\x80\x04\x95\0\0', /Python pickle/],
    SQLite: ['SQLite format 3\0', /SQLite/],
    DuckDB: ['12345678DUCK', /DuckDB/],
    zstd: ['\x28\xb5\x2f\xfd', /zstd, which is not read\. Unpack it first/],
    bzip2: ['BZh91AY&SY', /bzip2/],
    xz: ['\xfd7zXZ\0', /xz/],
    tar: [`bars.csv${'\0'.repeat(249)}ustar`, /tar archive/],
    '7-Zip': ['7z\xbc\xaf\x27\x1c', /7-Zip/],
    'encrypted Parquet': ['PARE', /encrypted Parquet/],
    'a web page': ['\n<!DOCTYPE html><html><head><title>404  Not Found</title>', /a web page \("404 Not Found"\)/],
    'an answer of a store': [
      '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message>',
      /XML \("The key does not exist\."\)/,
    ],
    'a pointer of Git LFS': ['version https://git-lfs.github.com/spec/v1\noid sha256:1\n', /git lfs pull/],
    'bytes of no known format': ['\x01\x02\0\0\0\x03\0\0\x04\x05\0\0\0\x06', /binary, in no format that is known/],
  };
  it.each(Object.entries(heads))('is named: %s', async (_, [head, says]) => {
    for (const name of ['bars.csv', 'bars.parquet', 'bars.json']) {
      const attempt = readContent(name, Buffer.from(head, 'latin1'));
      await expect(attempt).rejects.toMatchObject({ code: 'data_unreadable' });
      if (name === 'bars.csv') await expect(attempt).rejects.toThrow(says);
    }
    await expect(readContent('bars.csv.gz', gzipSync(Buffer.from(head, 'latin1')))).rejects.toThrow(says);
  });

  it('leaves text with signs that look like markup alone', async () => {
    const text =
      '<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n20240101,000000,1,2,1,2,5\n20240101,010000,2,3,2,3,5\n';
    expect((await readContent('bars.txt', text)).names?.[0]).toBe('<DATE>');
  });
});

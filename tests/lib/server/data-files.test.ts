import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isDataName, storeDataFile } from '#lib/server/data-files.ts';
import { toDataName } from '#lib/api/data.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'almanac-data-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function body(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of text.match(/[^]{1,3}/g) ?? []) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
}
const stored = () => readdirSync(join(folder, 'data')).sort();

it('stores bytes once, numbers others, and never overwrites', async () => {
  expect(await storeDataFile(folder, 'a.csv.gz', body('one'))).toEqual({
    path: 'data/a.csv.gz',
    bytes: 3,
    known: false,
  });
  expect(await storeDataFile(folder, 'a.csv.gz', body('one'))).toEqual({
    path: 'data/a.csv.gz',
    bytes: 3,
    known: true,
  });
  expect((await storeDataFile(folder, 'a.csv.gz', body('two'))).path).toBe('data/a-2.csv.gz');
  expect(stored()).toEqual(['a-2.csv.gz', 'a.csv.gz']);
  expect(readFileSync(join(folder, 'data/a.csv.gz'), 'utf8')).toBe('one');
});

it('refuses names, sizes and folders that are not its own, and leaves nothing behind', async () => {
  for (const name of [
    '',
    '../a.csv',
    'a/b.csv',
    '.hidden.csv',
    'a.exe',
    'a..csv',
    'a.csv\0',
    'con.csv',
    'nul.tar.csv',
    'a .csv',
    ' a.csv',
    'a\u202eb.csv',
    `${'a'.repeat(120)}.csv`,
  ]) {
    expect(isDataName(name)).toBe(false);
    await expect(storeDataFile(folder, name, body('x'))).rejects.toMatchObject({ code: 'invalid_request' });
  }
  await expect(storeDataFile(folder, 'a.csv', body('12345'), { maxBytes: 4 })).rejects.toMatchObject({
    code: 'too_large',
  });
  await expect(storeDataFile(folder, 'a.csv', null)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('"a.csv" is empty'),
  });
  expect(stored()).toEqual([]);
  rmSync(join(folder, 'data'), { recursive: true });
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'data'));
  await expect(storeDataFile(folder, 'a.csv', body('x'))).rejects.toMatchObject({ code: 'forbidden' });
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
});

it('makes a name that is taken of one that a file may have on any computer', () => {
  for (const name of [
    'BTC (1h).csv',
    'Größe ☃.json',
    '../../etc.csv',
    '...csv.csv',
    'plain.parquet',
    'con.csv',
    'nul.x.csv',
  ]) {
    expect([name, isDataName(toDataName(name))]).toEqual([name, true]);
  }
});

it.each([
  ['日本語.csv', 'bars.csv'],
  ['größe Übung.csv', 'grosse Ubung.csv'],
  ['Ærø łódź.csv.gz', 'AEro lodz.csv.gz'],
  ['☃.CSV', 'bars.CSV'],
  ['курс 2024.parquet', '2024.parquet'],
  ['BTC (1h).csv', 'BTC-1h.csv'],
  [`${'é'.repeat(150)}.csv.gz`, `${'e'.repeat(90)}.csv.gz`],
])('writes a foreign name in the letters the workspace takes: %s', (name, stored) => {
  expect(toDataName(name)).toBe(stored);
  expect(isDataName(stored)).toBe(true);
});

it('an upload that would take the room that runs need is refused before it is read, and while it comes', async () => {
  const MiB = 2 ** 20;
  const full = { code: 'disk_full', message: expect.stringContaining('nothing was kept of this file') };
  const before = { announced: 40 * MiB, freeBytes: async () => 100 * MiB };
  await expect(storeDataFile(folder, 'a.csv', body('x'), before)).rejects.toMatchObject(full);
  let free = 80 * MiB;
  const chunk = new Uint8Array(MiB);
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      free -= MiB;
      controller.enqueue(chunk);
    },
  });
  await expect(storeDataFile(folder, 'a.csv', endless, { freeBytes: async () => free })).rejects.toMatchObject(full);
  expect(free).toBeGreaterThan(50 * MiB);
  expect(stored()).toEqual([]);
});

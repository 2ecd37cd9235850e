import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { binNotebook, emptyNotebookBin, listBinned, restoreNotebook } from '#lib/server/notebook-bin.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-notebooks-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (slug: string, text: string) => writeFile(join(folder, `${slug}.md`), text);

it('says what is in the bin, since when and how large, the last to come first', async () => {
  await write('first', '---\ntitle: First words\n---\n');
  await write('second', 'b');
  const restore = await binNotebook(folder, 'first', Date.UTC(2026, 2, 1));
  await binNotebook(folder, 'second', Date.UTC(2026, 2, 2));
  // As older versions named them: no time is in that.
  await write('old', 'c');
  await rename(join(folder, 'old.md'), join(folder, '.bin', 'old.0123abcd.md'));
  await writeFile(join(folder, '.bin', 'stranger.md'), 'd');
  expect(await listBinned(folder)).toEqual([
    expect.objectContaining({ slug: 'second', title: 'second', bytes: 1, binnedAt: '2026-03-02T00:00:00.000Z' }),
    { restore, slug: 'first', title: 'First words', bytes: 27, binnedAt: '2026-03-01T00:00:00.000Z' },
    expect.objectContaining({ slug: 'old', restore: 'old.0123abcd', binnedAt: null }),
  ]);
  expect((await restoreNotebook(folder, 'old.0123abcd')).slug).toBe('old');
});

it('keeps two of one name that came at one moment', async () => {
  const at = Date.UTC(2026, 2, 1);
  await write('x', 'one');
  const one = await binNotebook(folder, 'x', at);
  await write('x', 'two');
  const two = await binNotebook(folder, 'x', at);
  await restoreNotebook(folder, one);
  expect((await restoreNotebook(folder, two)).slug).toBe('x-2');
  expect(await readFile(join(folder, 'x.md'), 'utf8')).toBe('one');
  expect(await readFile(join(folder, 'x-2.md'), 'utf8')).toBe('two');
});

it('empties itself alone, and says what that freed', async () => {
  await write('x', 'text');
  await write('y', 'stays');
  await binNotebook(folder, 'x');
  await writeFile(join(folder, '.bin', 'stranger.md'), 'not ours');
  expect(await emptyNotebookBin(folder)).toEqual({ notebooks: 1, bytes: 4 });
  expect(await listBinned(folder)).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['.bin', 'y.md']);
  expect(await readdir(join(folder, '.bin'))).toEqual(['stranger.md']);
});

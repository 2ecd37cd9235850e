import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  binNotebook,
  createNotebook,
  etagOf,
  listNotebooks,
  NotebookConflict,
  readNotebook,
  restoreNotebook,
  saveNotebook,
} from '#lib/server/notebook-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-notebooks-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('notebook files', () => {
  it('creates under the slug of the title, and never over another notebook', async () => {
    expect((await createNotebook(folder, 'BTC, next 12 hours', 'a')).slug).toBe('btc-next-12-hours');
    expect((await createNotebook(folder, 'BTC, next 12 hours', 'b')).slug).toBe('btc-next-12-hours-2');
    expect(await readFile(join(folder, 'btc-next-12-hours.md'), 'utf8')).toBe('a');
  });

  it('saves on the right tag, refuses on a stale one and gives what is there', async () => {
    const { slug, etag } = await createNotebook(folder, 'x', 'one');
    const two = await saveNotebook(folder, slug, 'two', etag);
    expect(await readFile(join(folder, 'x.md'), 'utf8')).toBe('two');
    const refused = await saveNotebook(folder, slug, 'three', etag).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotebookConflict);
    expect((refused as NotebookConflict).current).toEqual(two);
    expect(await readdir(folder)).toEqual(['x.md']);
  });

  it('lets exactly one of many savers with the same tag win', async () => {
    const { slug, etag } = await createNotebook(folder, 'x', 'start');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => saveNotebook(folder, slug, `text ${i}`, etag)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('bins and restores, under a new number where the name was taken meanwhile', async () => {
    const { slug } = await createNotebook(folder, 'x', 'old');
    const name = await binNotebook(folder, slug);
    await expect(readNotebook(folder, slug)).rejects.toMatchObject({ code: 'notebook_not_found' });
    await createNotebook(folder, 'x', 'new');
    expect((await restoreNotebook(folder, name)).slug).toBe('x-2');
    expect((await readNotebook(folder, 'x-2')).text).toBe('old');
  });

  it('answers no name that leaves the folder, and follows no link out of it', async () => {
    await writeFile(join(folder, '..', 'almanac-outside.md'), 'secret');
    await symlink(join(folder, '..', 'almanac-outside.md'), join(folder, 'link.md'));
    for (const slug of [
      '../almanac-outside',
      '..%2falmanac-outside',
      'link',
      '.bin',
      '',
      'a/b',
      'a\0',
      'A'.repeat(200),
    ]) {
      await expect(readNotebook(folder, slug)).rejects.toMatchObject({ code: 'notebook_not_found' });
      await expect(saveNotebook(folder, slug, 'x', etagOf('secret'))).rejects.toThrow();
    }
    expect(await listNotebooks(folder)).toEqual([]);
    expect(await readFile(join(folder, '..', 'almanac-outside.md'), 'utf8')).toBe('secret');
    await rm(join(folder, '..', 'almanac-outside.md'));
  });

  it('lists titles and first words', async () => {
    await createNotebook(folder, 'x', '---\ntitle: "My *title*"\n---\n# Head\nSome **bold** [words](http://x).\n');
    const [entry] = await listNotebooks(folder);
    expect(entry).toMatchObject({ slug: 'x', title: 'My *title*', summary: 'Some bold words.' });
  });
});

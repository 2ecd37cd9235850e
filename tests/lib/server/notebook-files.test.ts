import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goneTag } from '#lib/api/gone-tag.ts';
import { binNotebook, restoreNotebook } from '#lib/server/notebook-bin.ts';
import {
  createNotebook,
  duplicateNotebook,
  etagOf,
  listNotebooks,
  NotebookConflict,
  readNotebook,
  renameNotebook,
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

  it('gives a notebook another title and name, and changes no byte beside the title', async () => {
    const text = '\ufeff---\r\n# mine\r\ntitle: One # first\r\n---\r\nWords.\r\n';
    await createNotebook(folder, 'one', text);
    await createNotebook(folder, 'taken', 'other');
    await expect(renameNotebook(folder, 'one', { title: 'Two', name: 'taken' })).rejects.toMatchObject({
      code: 'key_conflict',
    });
    await expect(renameNotebook(folder, 'one', { name: 'a/b' })).rejects.toThrow('holds a slash');
    await expect(renameNotebook(folder, 'none', { name: 'x' })).rejects.toMatchObject({ code: 'notebook_not_found' });
    expect((await readNotebook(folder, 'one')).text).toBe(text);
    expect(await renameNotebook(folder, 'one', { title: 'Two', name: 'two' })).toEqual({ slug: 'two' });
    expect((await readdir(folder)).sort()).toEqual(['taken.md', 'two.md']);
    expect((await readNotebook(folder, 'two')).text).toBe(text.replace('One', 'Two'));
  });

  it('duplicates a notebook under a name and a title of its own', async () => {
    await createNotebook(folder, 'First', '---\ntitle: First\n---\nWords.\n');
    expect((await duplicateNotebook(folder, 'first')).slug).toBe('first-copy');
    expect((await duplicateNotebook(folder, 'first')).slug).toBe('first-copy-2');
    expect((await readNotebook(folder, 'first-copy')).text).toBe('---\ntitle: First (copy)\n---\nWords.\n');
  });

  it('finds notebooks by words of prose, configuration keys and values, and shows where', async () => {
    const cell = '```yaml features\ntimeframes:\n  1h: {rsi: {period: 21}}\n```\n';
    await createNotebook(folder, 'momentum', `Does the *slow* oscillator help?\n\n${cell}`);
    await createNotebook(folder, 'other', 'Nothing here.\n');
    const found = async (search: string) =>
      (await listNotebooks(folder, search)).notebooks.map(({ slug, found: at }) => [slug, at?.where, at?.line]);
    expect(await found('OSCILLATOR slow')).toEqual([['momentum', 'prose', 'Does the *slow* oscillator help?']]);
    const line = 'features.timeframes.1h.rsi.period: 21';
    expect(await found('rsi.period=21')).toEqual([['momentum', 'features', line]]);
    expect(await found('1h.rsi oscillator 21')).toEqual([['momentum', 'features', line]]);
    expect(await found('rsi.period=14')).toEqual([]);
    // A key and its value are one thing, two words may stand apart.
    await createNotebook(folder, 'apart', 'A period of 21 days.\n\n```yaml model\nlookback: 96\n```\n');
    expect(await found('lookback=21')).toEqual([]);
    expect((await found('lookback 21')).map(([slug]) => slug)).toEqual(['apart']);
    expect((await found('')).length).toBe(3);
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
    expect((await listNotebooks(folder)).notebooks).toEqual([]);
    expect(await readFile(join(folder, '..', 'almanac-outside.md'), 'utf8')).toBe('secret');
    await rm(join(folder, '..', 'almanac-outside.md'));
  });

  it('never rewrites a file that is not UTF-8, and brings it back from the bin byte for byte', async () => {
    const bytes = Buffer.from('# Caf\xe9\n', 'latin1');
    await writeFile(join(folder, 'old.md'), bytes);
    await expect(readNotebook(folder, 'old')).rejects.toMatchObject({ code: 'invalid_notebook' });
    for (const tag of [etagOf(bytes), etagOf('# Caf\ufffd\n'), goneTag]) {
      await expect(saveNotebook(folder, 'old', 'new', tag)).rejects.toThrow(
        'line 1: expected UTF-8 text, received 0xE9',
      );
    }
    expect(await readFile(join(folder, 'old.md'))).toEqual(bytes);
    expect((await restoreNotebook(folder, await binNotebook(folder, 'old'))).slug).toBe('old');
    expect(await readFile(join(folder, 'old.md'))).toEqual(bytes);
    await expect(createNotebook(folder, 'x', 'half \ud800')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('lists what looks like a notebook and is none, with the reason', async () => {
    await mkdir(join(folder, 'folder.md'));
    await symlink(join(folder, 'good.md'), join(folder, 'link.md'));
    const long = `${'x'.repeat(101)}.md`;
    for (const name of [
      'good.md',
      'LSTM.md',
      'my notes.md',
      'other.markdown',
      '.hidden.md',
      long,
      'bars.csv',
      'a\u0001.md',
    ]) {
      await writeFile(join(folder, name), '# Words\n');
    }
    await writeFile(join(folder, 'latin.md'), Buffer.from('caf\xe9', 'latin1'));
    await writeFile(join(folder, 'large.md'), 'x'.repeat(1_000_001));
    const { notebooks, unusable } = await listNotebooks(folder);
    expect(notebooks.map(({ slug }) => slug).sort()).toEqual(['LSTM', 'good']);
    expect(Object.fromEntries(unusable.map(({ file, reason }) => [file, reason]))).toEqual({
      '.hidden.md': expect.stringContaining('begins with a dot'),
      'a\u0001.md': expect.stringContaining('control character'),
      'folder.md': 'it is no file',
      'large.md': expect.stringContaining('1,000,000 bytes'),
      'latin.md': expect.stringContaining('line 1: expected UTF-8 text'),
      'link.md': expect.stringContaining('it is a link'),
      'my notes.md': expect.stringContaining('holds a space'),
      'other.markdown': expect.stringContaining('ends in .markdown'),
      [long]: expect.stringContaining('too long'),
    });
    // What the list calls a notebook can be opened, and what it does not cannot.
    expect((await readNotebook(folder, 'LSTM')).text).toBe('# Words\n');
    await expect(readNotebook(folder, 'my notes')).rejects.toThrow('The name holds a space');
    await expect(readNotebook(folder, 'god')).rejects.toThrow('Did you mean good?');
  });

  it('lists titles and first words', async () => {
    await createNotebook(folder, 'x', '---\ntitle: "My *title*"\n---\n# Head\nSome **bold** [words](http://x).\n');
    const [entry] = (await listNotebooks(folder)).notebooks;
    expect(entry).toMatchObject({ slug: 'x', title: 'My *title*', summary: 'Some bold words.' });
  });
});

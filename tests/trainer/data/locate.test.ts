import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateSource } from '#trainer/data/locate.ts';
import { defaultLimits, openSource } from '#trainer/data/source-file.ts';

let base: string;
let roots: string[];
const secret = 'SECRET-canary';

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'almanac-locate-'));
  const file = async (path: string, text = 'time,close\n') => writeFile(join(base, path), text);
  await mkdir(join(base, 'notes/data/deep'), { recursive: true });
  await mkdir(join(base, 'bars'));
  await mkdir(join(base, 'bars-secret'));
  await mkdir(join(base, 'real'));
  await file('secret.csv', secret);
  await file('bars-secret/secret.csv', secret);
  await file('notes/data/a.csv');
  await file('notes/data/b.csv');
  await file('notes/data/deep/c.csv.gz');
  await file('notes/data/.hidden.csv');
  await file('notes/data/notes.md');
  await file('notes/data/odd*.csv');
  await file('bars/a.csv');
  await file('bars/only.json');
  await file('real/r.csv');
  await symlink(join(base, 'secret.csv'), join(base, 'bars/out.csv'));
  await symlink(base, join(base, 'bars/up'));
  await symlink(join(base, 'bars/a.csv'), join(base, 'notes/data/across.csv'));
  await symlink(join(base, 'bars/gone.csv'), join(base, 'bars/dangling.csv'));
  await symlink(join(base, 'real'), join(base, 'linked'));
  roots = [join(base, 'notes'), join(base, 'bars'), join(base, 'linked'), join(base, 'absent')];
});
afterAll(() => rm(base, { recursive: true }));

const locate = async (source: string): Promise<string[]> =>
  (await locateSource(source, { roots })).map((path) =>
    path.slice(path.indexOf('almanac-locate-')).replace(/^[^/]+\//, ''),
  );

describe('locateSource finds', () => {
  it('relative paths, in the first root that has them', async () => {
    expect(await locate('data/a.csv')).toEqual(['notes/data/a.csv']);
    expect(await locate('./data/a.csv')).toEqual(['notes/data/a.csv']);
    expect(await locate('a.csv')).toEqual(['bars/a.csv']);
    expect(await locate('only.json')).toEqual(['bars/only.json']);
  });

  it('absolute paths inside a root, by either name of a root that is a link', async () => {
    expect(await locate(join(base, 'bars/a.csv'))).toEqual(['bars/a.csv']);
    expect(await locate(join(base, 'linked/r.csv'))).toEqual(['real/r.csv']);
    expect(await locate(join(base, 'real/r.csv'))).toEqual(['real/r.csv']);
  });

  it('patterns, sorted, without hidden files', async () => {
    expect(await locate('data/?.csv')).toEqual(['notes/data/a.csv', 'notes/data/b.csv']);
    expect(await locate('data/*/*.gz')).toEqual(['notes/data/deep/c.csv.gz']);
  });

  it('a file whose name holds a star, before it is taken for a pattern', async () => {
    expect(await locate('data/odd*.csv')).toEqual(['notes/data/odd*.csv']);
  });

  it('a link from one root to another', async () => {
    expect(await locate('data/across.csv')).toEqual(['bars/a.csv']);
  });
});

describe('locateSource refuses', () => {
  it.each([
    '../secret.csv',
    'data/../../secret.csv',
    'data\\..\\..\\secret.csv',
    'a.csv\0.png',
    'http://127.0.0.1/a.csv',
    'https://example.org/a.csv',
    'file:///etc/passwd',
    'file:a.csv',
    'data:text/csv,a',
    '/etc/passwd',
    '/etc/does-not-exist.csv',
    '/proc/self/environ',
    '/',
    'out.csv',
    'up/secret.csv',
    'up/bars-secret/secret.csv',
  ])('%j as forbidden', async (source) => {
    await expect(locate(source)).rejects.toMatchObject({ code: 'data_forbidden', issues: [{ path: 'data.source' }] });
  });

  it('a neighbour folder whose name begins as a root’s does', async () => {
    await expect(locate(join(base, 'bars-secret/secret.csv'))).rejects.toMatchObject({ code: 'data_forbidden' });
  });

  it.each(['nope.csv', 'data', 'data/none-*.csv', 'dangling.csv', '...', '~/a.csv', '%2e%2e/secret.csv'])(
    '%j as not found',
    async (source) => {
      await expect(locate(source)).rejects.toMatchObject({ code: 'data_not_found' });
    },
  );

  it.each([
    ['data/aa.csv', 'Did you mean data/a.csv or a.csv?'],
    ['data/only.csv', 'Did you mean only.json?'],
    ['c.csv', 'data/deep/c.csv.gz'],
  ])('%j as not found, naming what is near', async (source, words) => {
    await expect(locate(source)).rejects.toThrow(words);
    await expect(locate(source)).rejects.toMatchObject({ issues: [{ message: expect.stringContaining(words) }] });
  });

  it.each(['secre.csv', 'bars-secret/secret.cvs', 'hidden.csv', 'across.cvs', 'dangling.cvs', 'secret'])(
    '%j as not found, naming nothing that is hidden, a link or outside',
    async (source) => {
      const { message } = (await locate(source).catch((error: unknown) => error)) as Error;
      expect(message.replaceAll(source, '')).not.toMatch(/secret|hidden|across|dangling/);
    },
  );

  it('other endings, and a pattern that leads out', async () => {
    await expect(locate('data/notes.md')).rejects.toMatchObject({ code: 'data_unreadable', message: /\.csv, \.tsv/ });
    await expect(locate('*.csv')).rejects.toMatchObject({ code: 'data_forbidden' });
  });

  it('without telling where anything lies', async () => {
    for (const source of ['out.csv', '../secret.csv', 'nope.csv', '/etc/passwd', 'data/notes.md']) {
      const error = await locate(source).catch((caught: Error) => caught);
      expect(JSON.stringify([(error as Error).message, error])).not.toContain(base);
    }
  });
});

describe('openSource', () => {
  it('refuses a link put in place of the file after it was found', async () => {
    const path = join(base, 'bars/swap.csv');
    await writeFile(path, 'time,close\n');
    const [found] = await locateSource('swap.csv', { roots });
    await rm(path);
    await symlink(join(base, 'secret.csv'), path);
    await expect(openSource(found, defaultLimits)).rejects.toMatchObject({ name: 'AppError' });
  });

  it('refuses a folder swapped for a link after the file was found', async () => {
    await mkdir(join(base, 'bars/folder'));
    await writeFile(join(base, 'bars/folder/secret.csv'), 'time,close\n');
    const [found] = await locateSource('folder/secret.csv', { roots });
    await rm(join(base, 'bars/folder'), { recursive: true });
    await symlink(base, join(base, 'bars/folder'));
    await expect(openSource(found, defaultLimits)).rejects.toMatchObject({ code: 'data_forbidden' });
  });

  it('refuses a file above the limit, naming both sizes', async () => {
    await link(join(base, 'notes/data/a.csv'), join(base, 'notes/data/again.csv'));
    const [found] = await locateSource('data/again.csv', { roots });
    await expect(openSource(found, { ...defaultLimits, maxBytes: 5 })).rejects.toMatchObject({
      code: 'data_unreadable',
      message: /has 11 bytes, more than 5 bytes/,
    });
  });
});

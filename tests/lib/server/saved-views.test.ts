import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteView, listViews, saveView } from '#lib/server/saved-views.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'almanac-home-'));
});
afterEach(() => rm(home, { recursive: true }));

it('keeps views by name in a file that a person can read, and says what a name stood for', async () => {
  expect(await listViews(home)).toEqual([]);
  const view = { name: 'Best of tcn', query: 'filter=model.architecture+%3D+tcn' };
  expect(await saveView(home, view)).toBeNull();
  // Ten at once: none is lost.
  await Promise.all(Array.from({ length: 10 }, (_, k) => saveView(home, { name: `a${k}`, query: `sort=${k}` })));
  expect(await saveView(home, { ...view, query: 'x' })).toEqual(view);
  expect((await listViews(home)).length).toBe(11);
  expect(await deleteView(home, 'a0')).toEqual({ name: 'a0', query: 'sort=0' });
  expect(await deleteView(home, 'a0')).toBeNull();
  expect(await readFile(join(home, 'views.json'), 'utf8')).toContain('"name": "Best of tcn"');
});

it('refuses a name that cannot be seen, and writes nothing over a damaged file', async () => {
  expect(() => saveView(home, { name: 'a\u0000', query: '' })).toThrow('control character');
  await writeFile(join(home, 'views.json'), '{"views": [');
  await expect(listViews(home)).rejects.toMatchObject({ code: 'state_conflict' });
  await expect(saveView(home, { name: 'a', query: '' })).rejects.toMatchObject({ code: 'state_conflict' });
  expect(await readFile(join(home, 'views.json'), 'utf8')).toBe('{"views": [');
});

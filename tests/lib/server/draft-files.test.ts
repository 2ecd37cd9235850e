import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goneTag } from '#lib/api/gone-tag.ts';
import { keepDraft, readDraft } from '#lib/server/draft-files.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const run = '01m8nr2yrkfq9rq2vy28cf';
const draft = (text: string) => JSON.stringify({ text, from: null });

test('a draft is kept, read back, and taken away', async () => {
  const folder = temporaryFolder();
  expect(await readDraft(folder, run)).toEqual({ text: '', etag: goneTag });
  const kept = await keepDraft(folder, run, draft('a'), goneTag);
  expect(await readDraft(folder, run)).toEqual(kept);
  expect(kept.text).toBe(draft('a'));
  expect(await keepDraft(folder, run, '', kept.etag)).toEqual({ text: '', etag: goneTag });
  expect(existsSync(join(folder, '.drafts', `${run}.json`))).toBe(false);
});

test('of two who keep one at once the second is told what the first has kept', async () => {
  const folder = temporaryFolder();
  const [first, second] = await Promise.all([
    keepDraft(folder, run, draft('a'), goneTag),
    keepDraft(folder, run, draft('b'), goneTag),
  ]);
  expect(second).toEqual(first);
  expect((await keepDraft(folder, run, '', goneTag)).text).toBe(draft('a'));
  // The same again is no conflict, whatever was read before.
  expect((await keepDraft(folder, run, draft('a'), '"else"')).text).toBe(draft('a'));
  expect(await keepDraft(folder, run, draft('c'), first.etag)).toMatchObject({ text: draft('c') });
});

test.each(['nothing', '{"text": 1, "from": null}', '[]'])('%s is no draft', async (text) => {
  await expect(keepDraft(temporaryFolder(), run, text, goneTag)).rejects.toThrow('Expected a draft');
});

test.each(['../../etc', '..', 'R12', `${run}/x`, ''])('no path is made of "%s"', async (name) => {
  await expect(readDraft(temporaryFolder(), name)).rejects.toThrow('There is no run');
});

test('what lies where the folder should be is not removed', async () => {
  const folder = join(temporaryFolder(), 'notebooks');
  mkdirSync(folder);
  writeFileSync(join(folder, '.drafts'), 'a file');
  await expect(keepDraft(folder, run, draft('a'), goneTag)).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(await readDraft(folder, run)).toEqual({ text: '', etag: goneTag });
});

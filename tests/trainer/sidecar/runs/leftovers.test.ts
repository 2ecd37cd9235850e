import { closeSync, mkdirSync, openSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepLeftovers } from '#trainer/sidecar/runs/leftovers.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const upload = '.0b5c1f5e-2f0a-4f53-9d0e-6d2f8f5f7c11.upload';
const heldUpload = '.1b5c1f5e-2f0a-4f53-9d0e-6d2f8f5f7c11.upload';

test('what killed processes left half made goes at the start; the rest stays', async () => {
  const home = temporaryHome();
  const [runs, notebooks] = [join(home, 'runs'), join(home, 'notebooks')];
  mkdirSync(join(runs, '.01m8nr2yrkfq9rq2vy28cf.tmp', 'initial'), { recursive: true });
  mkdirSync(join(notebooks, 'data'));
  mkdirSync(join(notebooks, '.drafts'));
  const stays = {
    [runs]: ['mine.tmp'],
    [notebooks]: ['a.md', 'b.tmp'],
    [join(notebooks, 'data')]: ['a.csv', heldUpload],
  };
  const goes = {
    [runs]: [
      'almanac.1-99.lock.tmp',
      'workspace.json.tmp',
      'workspace.json.old.tmp',
      'engines.json.tmp',
      'notebooks.json.tmp',
    ],
    [notebooks]: ['a.md.0123abcd.tmp'],
    [join(notebooks, '.drafts')]: ['01m8nr2yrkfq9rq2vy28cf.json.0123abcd.tmp'],
    [join(notebooks, 'data')]: [upload],
  };
  const past = new Date(Date.now() - 86_400_000);
  for (const files of [stays, goes]) {
    for (const [folder, names] of Object.entries(files)) {
      for (const name of names) {
        writeFileSync(join(folder, name), '{}');
        utimesSync(join(folder, name), past, past);
      }
    }
  }
  const held = openSync(join(notebooks, 'data', heldUpload), 'a');
  const sidecar = await startTestSidecar('quick', home);
  closeSync(held);
  expect(sidecar.warnings).toEqual([]);
  for (const [folder, names] of Object.entries(goes)) {
    for (const name of names) expect(readdirSync(folder), name).not.toContain(name);
  }
  for (const [folder, names] of Object.entries(stays))
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
  expect(readdirSync(runs).filter((name) => name.startsWith('.0'))).toEqual([]);
});

test('a draft that is closed and about to get its name is left alone', async () => {
  const folder = temporaryFolder();
  const [runsFolder, notebooks] = [join(folder, 'runs'), join(folder, 'notebooks')];
  mkdirSync(join(notebooks, 'data'), { recursive: true });
  const path = join(notebooks, 'data', upload);
  writeFileSync(path, 'x');
  const now = Date.now();
  utimesSync(path, now / 1000, now / 1000);
  expect(await sweepLeftovers({ runsFolder, notebooks }, () => now + 500)).toEqual([]);
  expect(await sweepLeftovers({ runsFolder, notebooks }, () => now + 7_200_000)).toEqual([path]);
});

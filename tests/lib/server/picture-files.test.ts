import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPicture } from '#lib/server/picture-files.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

function makeFolder(): string {
  const folder = join(temporaryFolder(), 'notebooks');
  for (const name of ['data', '.bin']) mkdirSync(join(folder, name), { recursive: true });
  for (const file of ['data/plot.png', '.bin/gone.png', 'notes.md', '../secret.png'])
    writeFileSync(join(folder, file), file);
  symlinkSync('../secret.png', join(folder, 'linked.png'));
  symlinkSync('data/plot.png', join(folder, 'inside.PNG'));
  return folder;
}

it('reads pictures of the folder and of folders in it, each with its type and a tag of its bytes', async () => {
  const folder = makeFolder();
  const { bytes, type, etag } = await readPicture(folder, 'data/plot.png');
  expect([Buffer.from(bytes).toString(), type]).toEqual(['data/plot.png', 'image/png']);
  expect((await readPicture(folder, 'inside.PNG')).etag).toBe(etag);
  writeFileSync(join(folder, 'data/plot.png'), 'other');
  expect((await readPicture(folder, 'data/plot.png')).etag).not.toBe(etag);
});

it.each([
  ...['../secret.png', 'data/../../secret.png', 'linked.png', '.bin/gone.png', 'data/./plot.png', 'data//plot.png'],
  ...['notes.md', 'none.png', 'data', 'data/plot.png\0.png', '/etc/hostname', 'data\\..\\..\\secret.png', ''],
])('has no picture %j', async (path) => {
  await expect(readPicture(makeFolder(), path)).rejects.toMatchObject({ code: 'artifact_not_found' });
});

it('refuses one that is too large, with its size', async () => {
  const folder = makeFolder();
  truncateSync(join(folder, 'data/plot.png'), 20_000_001);
  await expect(readPicture(folder, 'data/plot.png')).rejects.toThrow(/has 20000001 bytes; at most 20000000/);
});

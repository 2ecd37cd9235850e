import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { isCode, watchCode } from '#trainer/watch.ts';

test.each([
  ['main.ts', true],
  [join('ml', 'engine', 'wasm', 'kernels.wasm'), true],
  [join('cli', 'almanac.mjs'), true],
  ['NOTES.md', false],
  [join('http', '.main.ts.swp'), false],
  [join('node_modules', 'a', 'index.js'), false],
  [null, false],
])('a change of %s is one of code: %s', (path, expected) => {
  expect(isCode(path)).toBe(expected);
});

test('many changes at once are told once, those of other files never', async () => {
  const project = temporaryFolder();
  const rooms = ['access', 'core', 'disk'].map((room) => join('src', room));
  for (const folder of [join('trainer', 'http'), join('src', 'lib'), ...rooms])
    mkdirSync(join(project, folder), { recursive: true });
  const told: string[] = [];
  onTestFinished(watchCode(project, (path) => told.push(path)));
  writeFileSync(join(project, 'trainer', 'notes.md'), 'x');
  writeFileSync(join(project, 'src', 'lib', 'page.ts'), 'x');
  for (const name of ['a.ts', 'b.ts', 'c.ts']) writeFileSync(join(project, 'trainer', 'http', name), 'x');
  await expect.poll(() => told).toEqual([join('trainer', 'http', 'c.ts')]);
  for (const room of rooms) {
    writeFileSync(join(project, room, 'bytes.ts'), 'x');
    await expect.poll(() => told.at(-1)).toBe(join(room, 'bytes.ts'));
  }
  expect(told).toHaveLength(4);
});

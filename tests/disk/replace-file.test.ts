import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile, replaceJson } from '#disk/replace-file.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

it('leaves the old file, and no draft, where the new one cannot be made', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'metrics.csv');
  writeFileSync(path, 'old');
  function* broken() {
    yield 'half of the new';
    throw new Error('the source broke');
  }
  await expect(replaceFile(path, broken())).rejects.toThrow('the source broke');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['metrics.csv']);
  await replaceJson(path, { new: true });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ new: true });
});

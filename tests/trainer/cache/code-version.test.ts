import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { codeVersion } from '#trainer/cache/code-version.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

/** A small project: entry → a (by alias) → b (while it runs), and a type that is not code. */
function project(changes: Readonly<Record<string, string>> = {}): string {
  const root = temporaryFolder();
  const files = {
    'trainer/entry.ts': "import { a } from '#core/a.ts';\nimport type { T } from './type.ts';\nexport const x = a;\n",
    'trainer/type.ts': 'export type T = 1;\n',
    'src/core/a.ts': "import {\n  one,\n  two,\n} from 'some-package';\n\nexport const a = () => import('./b.ts');\n",
    'src/core/b.ts': 'export const b = 1;\n',
    'src/core/other.ts': 'export const other = 1;\n',
    'node_modules/some-package/package.json': '{"version": "1.0.0"}',
    ...changes,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}
const versionOf = (changes?: Readonly<Record<string, string>>) => codeVersion(['trainer/entry.ts'], project(changes));

it('the version of code is that of all files behind it and of their packages', () => {
  const version = versionOf();
  expect(version).toMatch(/^[0-9a-f]{64}$/);
  expect(versionOf()).toBe(version);
  expect(versionOf({ 'src/core/b.ts': 'export const b = 2;\n' })).not.toBe(version);
  expect(versionOf({ 'node_modules/some-package/package.json': '{"version": "1.0.1"}' })).not.toBe(version);
});

it('files that nothing runs change nothing', () => {
  const version = versionOf();
  expect(versionOf({ 'src/core/other.ts': 'export const other = 2;\n' })).toBe(version);
  expect(versionOf({ 'trainer/type.ts': 'export type T = 2;\n' })).toBe(version);
});

it('every file that a step imports while it runs is behind it', () => {
  const before = codeVersion(['trainer/data/load.ts']);
  expect(codeVersion(['trainer/data/load.ts'])).toBe(before);
  expect(codeVersion(['src/core/features/matrix.ts'])).not.toBe(before);
});

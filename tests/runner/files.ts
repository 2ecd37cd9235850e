import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths of all test files, from the root of the project. */
export function testFiles(): readonly string[] {
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `tests/${path.replaceAll('\\', '/')}`)
    .sort();
}

/** Files whose tests have two sizes (tests/support/scale.ts). */
export function sizedFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => textOf(file).includes("from '#tests/support/scale.ts'"));
}

const quickFolders = /^tests\/(core|lib|trainer\/sidecar)\//;
/** Words of a file that starts trainers or whole programs. */
const slow = /startTestSidecar\('real'|startTrainer|startApp|spawn\(/;

/** Files that are done in a moment: core, page state, and what of the sidecar trains nothing. */
export function quickFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => quickFolders.test(file) && !slow.test(textOf(file)));
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

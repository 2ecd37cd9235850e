/**
 * The test commands. Every step of a command runs even when one before it failed, and the last line is
 * `totals: N passed, N failed, N skipped`, each static check counted as one test.
 */
import { check, checkSources, checkTypesQuickly } from './runner/checks.ts';
import { quickFiles, sizedFiles, testFiles } from './runner/files.ts';
import { Totals } from './runner/totals.ts';
import { runTests } from './runner/vitest.ts';
import { findChromium } from './support/chromium.ts';

const usage = `npm test                   static checks, and every test in its small size
npm run test:full          in their full size, the tests that have one; and those that are never small
npm run test:native        builds the native engine against TensorFlow for the processor, and runs its tests
npm run test:quick         types, core, page state and sidecar, in less than a minute
npm run test:quick losses  the tests whose path contains "losses" and nothing else`;

const totals = new Totals();

/** Tests of a real browser; where there is none, that is a failure with its reason. */
async function runBrowserTests(): Promise<void> {
  const chromium = findChromium();
  if (chromium.path === null) {
    process.stdout.write(`✗ browser tests: ${chromium.reason}\n`);
    totals.add({ failed: 1 });
    return;
  }
  process.env['CHROMIUM'] = chromium.path;
  await runTests(totals, 'browser', ['e2e']);
}

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<void>>> = {
  async all() {
    await checkSources(totals);
    await runTests(totals, 'unit and integration', ['node', 'browser-state']);
    await runBrowserTests();
  },
  async full() {
    process.env['ALMANAC_TEST_SIZE'] = 'full';
    await runTests(totals, 'full size', ['node', 'full'], [...sizedFiles(testFiles()), '.full.test.ts']);
  },
  async native() {
    // Where PyPI cannot be reached this fails with that one sentence, and so do the tests, which find no engine.
    const build = { title: 'build of the native engine', script: 'trainer/native/main.ts', args: ['--cpu'] };
    await check(totals, build);
    await runTests(totals, 'native engine', ['native']);
  },
  async quick(words) {
    const files = testFiles();
    const chosen =
      words.length === 0 ? quickFiles(files) : files.filter((file) => words.some((word) => file.includes(word)));
    if (chosen.length === 0) refuse(`no test has a path that contains ${words.join(' or ')}`);
    if (words.length > 0) return runTests(totals, words.join(', '), ['node', 'browser-state', 'e2e', 'full'], chosen);
    await checkTypesQuickly(totals);
    await runTests(totals, 'core, page state and sidecar', ['node', 'browser-state'], chosen);
  },
};

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n\n${usage}\n`);
  process.exit(64);
}

const [name = 'all', ...words] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : refuse(`there is no test command "${name}"`);
const tooMuch = name === 'quick' ? words.find((word) => word.startsWith('-')) : words[0];
if (tooMuch !== undefined) refuse(`"${tooMuch}" means nothing to the test command "${name}"`);
await command(words);
process.stdout.write(`\n${String(totals)}\n`);
process.exit(totals.good ? 0 : 1);

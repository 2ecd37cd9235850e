/**
 * `npm test`: everything CI runs, in its order. Every step runs even when one before it failed, and the last line is
 * `totals: N passed, N failed, N skipped`, each static check counted as one test.
 * `--native` builds the native engine against TensorFlow for the processor and runs its tests alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './support/chromium.ts';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'almanac-test-'));
const totals: Totals = { passed: 0, failed: 0, skipped: 0 };

function run(title: string, script: string, args: readonly string[]): boolean {
  const began = Date.now();
  process.stdout.write(`\n▶ ${title}\n`);
  const path = script.startsWith('trainer/') ? join(root, script) : join(root, 'node_modules', script);
  const result = spawnSync(process.execPath, [path, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stdout.write(`${result.status === 0 ? '✓' : '✗'} ${title} (${((Date.now() - began) / 1000).toFixed(0)} s)\n`);
  return result.status === 0;
}

function check(title: string, script: string, args: readonly string[]): void {
  if (run(title, script, args)) totals.passed++;
  else totals.failed++;
}

/** Vitest's JSON report is the count; a run that left none has failed as a whole. */
function vitest(title: string, args: readonly string[]): void {
  const report = join(scratch, `${title.replaceAll(/\W+/g, '-')}.json`);
  const ok = run(title, 'vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += counts.numPassedTests;
    totals.failed += counts.numFailedTests;
    totals.skipped += counts.numPendingTests + counts.numTodoTests;
    if (!ok && counts.numFailedTests === 0) totals.failed++;
  } catch {
    totals.failed++;
  }
}

if (process.argv.includes('--native')) {
  // Where PyPI cannot be reached this fails with that one sentence, and so do the tests, which find no engine.
  check('build of the native engine', 'trainer/native/main.ts', ['--cpu']);
  vitest('native engine', ['--project', 'native']);
} else {
  const chromium = findChromium();
  check('format', 'prettier/bin/prettier.cjs', ['--check', '.', '--log-level', 'warn']);
  check('routes', '@sveltejs/kit/svelte-kit.js', ['sync']);
  check('lint', 'eslint/bin/eslint.js', ['--max-warnings', '0', '.']);
  check('types of components', 'svelte-check/bin/svelte-check', [
    '--tsconfig',
    './tsconfig.json',
    '--fail-on-warnings',
    '--output',
    'human',
  ]);
  check('types', 'typescript/bin/tsc', ['--noEmit']);
  vitest('unit and integration', ['--project', 'node', '--project', 'browser-state']);
  if (chromium.path === null) {
    process.stdout.write(`✗ browser tests: ${chromium.reason}\n`);
    totals.failed++;
  } else {
    process.env['CHROMIUM'] = chromium.path;
    vitest('browser', ['--project', 'e2e']);
  }
}

rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`\ntotals: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed === 0 && totals.passed + totals.skipped > 0 ? 0 : 1);

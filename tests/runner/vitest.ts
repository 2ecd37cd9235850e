import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './program.ts';
import type { Totals } from './totals.ts';

/** Runs tests and counts them. Vitest's JSON report is the count; a run that left none has failed as a whole. */
export async function runTests(
  totals: Totals,
  title: string,
  projects: readonly string[],
  files: readonly string[] = [],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-test-'));
  const report = join(folder, 'report.json');
  const args = [
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...projects.flatMap((project) => ['--project', project]),
    ...files,
  ];
  const ok = await run({ title, script: 'vitest/vitest.mjs', args });
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    totals.add({
      passed: counts.numPassedTests,
      failed: counts.numFailedTests,
      skipped: counts.numPendingTests + counts.numTodoTests,
    });
    if (!ok && counts.numFailedTests === 0) totals.add({ failed: 1 });
  } catch {
    totals.add({ failed: 1 });
  }
  rmSync(folder, { recursive: true, force: true });
}

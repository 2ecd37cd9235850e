import { availableParallelism } from 'node:os';
import { type Program, run, runQuietly } from './program.ts';
import type { Totals } from './totals.ts';

const routes: Program = { title: 'routes', script: '@sveltejs/kit/svelte-kit.js', args: ['sync'] };

/** Of all files, those of components, trainer and tests alike; `tsc` would find nothing more. */
const types: Program = {
  title: 'types',
  script: 'svelte-check/bin/svelte-check',
  args: ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human', '--no-color'],
};
const lint: Program = { title: 'lint', script: 'eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] };
const format: Program = {
  title: 'format',
  script: 'prettier/bin/prettier.cjs',
  args: ['--check', '.', '--log-level', 'warn'],
};

/** Of all but components, from what was known the last time. */
const quickTypes: Program = {
  title: 'types',
  script: 'typescript/bin/tsc',
  args: ['--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.almanac-types'],
};

/** Runs one program that counts as one test. */
export async function check(totals: Totals, program: Program, quietly = false): Promise<void> {
  totals.add((await (quietly ? runQuietly : run)(program)) ? { passed: 1 } : { failed: 1 });
}

/** Everything that is checked without running it, a check a core. */
export async function checkSources(totals: Totals): Promise<void> {
  process.stdout.write('\n▶ routes, types, lint, format\n');
  await check(totals, routes, true);
  const waiting = [types, lint, format];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await check(totals, next, true);
  };
  await Promise.all(Array.from({ length: Math.min(waiting.length, availableParallelism()) }, worker));
}

export function checkTypesQuickly(totals: Totals): Promise<void> {
  return check(totals, quickTypes, true);
}

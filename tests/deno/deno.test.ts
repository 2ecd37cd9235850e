import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { databaseCases } from '#tests/support/database-cases.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const deno = fileURLToPath(new URL('../../node_modules/deno/bin.cjs', import.meta.url));

it('runs the database layer under Deno as it is, on both drivers', () => {
  const result = spawnSync(
    process.execPath,
    [deno, 'run', '--allow-all', '--node-modules-dir=manual', '--no-remote', 'tests/deno/database.ts'],
    { cwd: project, encoding: 'utf8', timeout: 300_000, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } },
  );
  expect(result.stderr + result.stdout).not.toMatch(/error/i);
  const passed = (driver: string) => result.stdout.split('\n').filter((line) => line.startsWith(`ok    ${driver}: `));
  for (const driver of ['better-sqlite3', 'node:sqlite'])
    expect(passed(driver), driver).toHaveLength(Object.keys(databaseCases).length);
  expect(result.status).toBe(0);
});

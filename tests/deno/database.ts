/**
 * The index under Deno, on better-sqlite3 and on Deno's own `node:sqlite`: the same cases that Node's test runner runs.
 * `npm run check:deno`; ends with a code other than 0 where a case fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { databaseCases } from '#tests/support/database-cases.ts';
import { openBetterSqlite } from '#trainer/sidecar/db/better-sqlite.ts';
import { openNodeSqlite } from '#trainer/sidecar/db/node-sqlite.ts';

const drivers = { 'better-sqlite3': openBetterSqlite, 'node:sqlite': openNodeSqlite };

let failed = 0;
for (const [driver, open] of Object.entries(drivers)) {
  for (const [name, run] of Object.entries(databaseCases)) {
    const folder = mkdtempSync(join(tmpdir(), 'almanac-deno-'));
    try {
      await run(join(folder, 'index.db'), open);
      console.log(`ok    ${driver}: ${name}`);
    } catch (error) {
      failed++;
      console.log(`fails ${driver}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;

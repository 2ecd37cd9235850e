import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { databaseCases } from '#tests/support/database-cases.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { openBetterSqlite } from '#trainer/sidecar/db/better-sqlite.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { openNodeSqlite } from '#trainer/sidecar/db/node-sqlite.ts';

const drivers = { 'better-sqlite3': openBetterSqlite, 'node:sqlite': openNodeSqlite };

describe.each(Object.entries(drivers))('%s', (_name, open) => {
  test.each(Object.entries(databaseCases))('%s', async (_case, run) => {
    await expect(run(join(temporaryFolder(), 'index.db'), open)).resolves.toBeUndefined();
  });
});

test('an index of a newer version is refused with what to do', async () => {
  const file = join(temporaryFolder(), 'index.db');
  const db = await connectDatabase(file);
  // A migration that this version does not know.
  const row = { name: '9999-later', timestamp: '2030-01-01T00:00:00.000Z' };
  await db
    .insertInto('kysely_migration' as 'runs')
    .values(row as never)
    .execute();
  await db.destroy();
  await expect(connectDatabase(file)).rejects.toThrow('move it away and start again');
});

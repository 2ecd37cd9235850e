import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { AppError } from '#core/error.ts';
import * as runs from './migrations/0001-runs.ts';
import * as openings from './migrations/0002-openings.ts';
import * as logChecks from './migrations/0003-log-checks.ts';
import * as emptied from './migrations/0004-emptied.ts';
import * as said from './migrations/0005-said.ts';
import type { Database } from './schema.ts';

/** Imported, not read from a folder: Node, Deno and bundlers all see them. */
const migrations = {
  '0001-runs': runs,
  '0002-openings': openings,
  '0003-log-checks': logChecks,
  '0004-emptied': emptied,
  '0005-said': said,
};

/** Brings the index to the newest schema. @throws AppError internal, with the cause, when it cannot. */
export async function migrateDatabase(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new AppError(
    'internal',
    'The index runs/almanac.db could not be brought to this version of Almanac, perhaps because a newer one wrote it. ' +
      'It holds nothing that the run folders do not hold: move it away and start again, and it is rebuilt.',
    { cause: error },
  );
}

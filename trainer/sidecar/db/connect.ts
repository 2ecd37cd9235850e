import { CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import { AppError } from '#core/error.ts';
import { openBetterSqlite } from './better-sqlite.ts';
import { migrateDatabase } from './migrate.ts';
import type { Database } from './schema.ts';

/** Opens the SQLite file of this name (or ':memory:'). */
type OpenSqlite = (file: string) => Promise<SqliteDatabase>;

/**
 * Opens the index, in WAL mode and with the newest schema. The caller owns it and ends with `db.destroy()`.
 * @param open the driver; better-sqlite3 under Node, `node:sqlite` where native packages do not load.
 */
export async function connectDatabase(file: string, open: OpenSqlite = openBetterSqlite): Promise<Kysely<Database>> {
  // The second has an effect on a new file alone: what is deleted can then be given back to the disk piece by piece.
  const pragmas = [
    'busy_timeout=5000',
    'auto_vacuum=INCREMENTAL',
    'journal_mode=WAL',
    'synchronous=NORMAL',
    'foreign_keys=ON',
  ];
  const db = new Kysely<Database>({
    dialect: new SqliteDialect({
      database: () => open(file),
      onCreateConnection: async (connection) => {
        for (const pragma of pragmas) await connection.executeQuery(CompiledQuery.raw(`pragma ${pragma}`));
      },
    }),
  });
  try {
    await requireVersion(db);
    await migrateDatabase(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when it is reset at the wrong moment. */
async function requireVersion(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  const version = rows[0].version;
  const [major, minor, patch] = version.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch >= 3_051_003) return;
  throw new AppError('internal', `SQLite ${version} is too old: Almanac needs 3.51.3 or newer. Run npm ci.`);
}

/**
 * Runs `work` in one transaction whose commit is on disk when the promise resolves (synchronous=FULL). For rows that
 * exist nowhere else; everything else can be rebuilt from the run folders.
 */
export async function durably<Result>(
  db: Kysely<Database>,
  work: (transaction: Kysely<Database>) => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    await sql`pragma synchronous=FULL`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`pragma synchronous=NORMAL`.execute(connection);
    }
  });
}

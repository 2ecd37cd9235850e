import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { openBetterSqlite } from './better-sqlite.ts';
import { migrateDatabase } from './migrate.ts';
import type { Database } from './schema.ts';

/** Opens the SQLite file of this name (or ':memory:'). */
export type OpenSqlite = (file: string) => Promise<SqliteDatabase>;

/**
 * Opens the index, in WAL mode and with the newest schema. The caller owns it and ends with `db.destroy()`.
 * @param open the driver; better-sqlite3 under Node, `node:sqlite` where native packages do not load.
 * @throws where it cannot be written, is damaged where every use of it would meet the damage, or is of a newer version.
 */
export async function connectDatabase(file: string, open: OpenSqlite = openBetterSqlite): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: () => openPrepared(file, open) }) });
  try {
    await requireVersion(db);
    await migrateDatabase(db);
    await requireSound(db);
    return db;
  } catch (error) {
    await db.destroy().catch(() => undefined);
    throw error;
  }
}

const pragmas = ['busy_timeout=5000', 'journal_mode=WAL', 'synchronous=NORMAL', 'foreign_keys=ON'];

/**
 * A connection as the index wants it: readers and a writer beside each other, and commits that survive a killed process. A
 * full disk has no room for the file by which connections share the index; then this one has it for itself.
 */
export async function openPrepared(file: string, open: OpenSqlite): Promise<SqliteDatabase> {
  return prepare(await open(file), pragmas).catch(async (error: unknown) => {
    if (!/^SQLITE_(?:FULL|IOERR_(?:SHM|WRITE))/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    return prepare(await open(file), ['locking_mode=EXCLUSIVE', ...pragmas]);
  });
}

async function prepare(connection: SqliteDatabase, wanted: readonly string[]): Promise<SqliteDatabase> {
  const ask = (pragma: string) => {
    const statement = connection.prepare(`pragma ${pragma}`);
    if (statement.reader) return statement.all([]);
    statement.run([]);
    return [];
  };
  try {
    const [first, ...rest] = wanted;
    ask(first);
    const [size] = ask('page_count');
    // What is deleted can then be given back to the disk piece by piece; to an old file it would only be written again.
    if (z.object({ page_count: z.literal(0) }).safeParse(size).success) ask('auto_vacuum=INCREMENTAL');
    rest.forEach(ask);
    return connection;
  } catch (error) {
    connection.close();
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

/** Each table with the columns that are asked of it: the schema that the migrations say is there can be another's. */
const columns = {
  runs: 'id, number, name, view, last_seq, log_offset, log_tail, damage, quarantined, conclusion, prose, process, deleted_at, test_opened_by',
  events: 'run_id, seq, attempt, type, at, body',
  points: 'run_id, key, step, attempt, seq, epoch, value',
  quarantine: 'run_id, log_offset, bytes, reason',
  keys: 'key, body_sha256, run_id, created_at',
  emptied:
    'id, number, created_at, validation_key, test_key, source, test_from, test_to, test_opened_at, test_opened_by',
};

/** Asks for a little of everything, and checks all of the tables that every request needs; events may be gigabytes. */
async function requireSound(db: Kysely<Database>): Promise<void> {
  await db.connection().execute(async (connection) => {
    // Refused where the file may not be written, though nothing is.
    await sql`delete from keys where false`.execute(connection);
    for (const [table, names] of Object.entries(columns))
      await sql`select ${sql.raw(names)} from ${sql.table(table)} limit 1`.execute(connection);
    for (const table of ['runs', 'keys']) {
      const { rows } = await sql<{ quick_check: string }>`pragma quick_check(${sql.id(table)})`.execute(connection);
      if (rows[0]?.quick_check !== 'ok') throw new Error(`SQLite's check of table ${table}: ${rows[0]?.quick_check}`);
    }
  });
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

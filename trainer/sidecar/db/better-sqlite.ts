import type { SqliteDatabase } from 'kysely';

/** Driver of Node: loaded only when a database is opened, so that nothing else needs the native package. */
export async function openBetterSqlite(file: string): Promise<SqliteDatabase> {
  const { default: BetterSqlite } = await import('better-sqlite3');
  return new BetterSqlite(file);
}

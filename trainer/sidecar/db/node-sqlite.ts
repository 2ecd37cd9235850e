import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { SQLInputValue } from 'node:sqlite';

/** Driver of runtimes that bring `node:sqlite` (Deno, Node): no native package. */
export async function openNodeSqlite(file: string): Promise<SqliteDatabase> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  return {
    close: () => database.close(),
    prepare(text): SqliteStatement {
      const statement = database.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

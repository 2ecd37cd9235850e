import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** A connection in whose place another can be put, and that tells when its file is found damaged. */
export class HeldSqlite implements SqliteDatabase {
  #connection: SqliteDatabase;
  readonly #onDamage: (error: Error) => void;

  /** @param onDamage told of each call that meets damage; the caller gets the error all the same. */
  constructor(connection: SqliteDatabase, onDamage: (error: Error) => void) {
    this.#connection = connection;
    this.#onDamage = onDamage;
  }

  close(): void {
    this.#connection.close();
  }

  /** From now on this is asked; the one before is closed by whoever replaces it. */
  replace(connection: SqliteDatabase): void {
    this.#connection = connection;
  }

  prepare(text: string): SqliteStatement {
    const statement = this.#watch(() => this.#connection.prepare(text));
    return {
      reader: statement.reader,
      all: (parameters) => this.#watch(() => statement.all(parameters)),
      run: (parameters) => this.#watch(() => statement.run(parameters)),
      iterate: (parameters) => statement.iterate(parameters),
    };
  }

  #watch<Result>(call: () => Result): Result {
    try {
      return call();
    } catch (error) {
      if (error instanceof Error && isDamage(error)) this.#onDamage(error);
      throw error;
    }
  }
}

/** Whether SQLite says that the file is no database, or no sound one. */
function isDamage(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');
}

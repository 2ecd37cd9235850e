import type { SqliteDatabase, SqliteStatement } from 'kysely';

const mostKept = 100;
const longestKept = 4096;
/** What SQLite does while it prepares, and what is asked once. */
const isOnce = /^\s*(pragma|create|alter|drop|vacuum|attach|detach)\b/i;

/** A connection in whose place another can be put, and that tells when its file is found damaged. */
export class HeldSqlite implements SqliteDatabase {
  #connection: SqliteDatabase;
  /** Of texts that came before, the last asked for last: to prepare one takes longer than to run it. */
  readonly #statements = new Map<string, SqliteStatement>();
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
    this.#statements.clear();
    this.#connection = connection;
  }

  prepare(text: string): SqliteStatement {
    const statement = this.#find(text);
    return {
      reader: statement.reader,
      all: (parameters) => this.#watch(() => statement.all(parameters)),
      run: (parameters) => this.#watch(() => statement.run(parameters)),
      // One that is still read from must not be begun anew.
      iterate: (parameters) => this.#connection.prepare(text).iterate(parameters),
    };
  }

  #find(text: string): SqliteStatement {
    const statement = this.#statements.get(text) ?? this.#watch(() => this.#connection.prepare(text));
    if (text.length > longestKept || isOnce.test(text)) return statement;
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    for (const [oldest] of this.#statements) {
      if (this.#statements.size <= mostKept) break;
      this.#statements.delete(oldest);
    }
    return statement;
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

import { lstat, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';
import { syncFolder } from '#disk/sync-folder.ts';
import { openBetterSqlite } from './better-sqlite.ts';
import { connectDatabase, openPrepared, type OpenSqlite } from './connect.ts';
import { HeldSqlite } from './held-sqlite.ts';
import type { Database } from './schema.ts';

interface IndexFileOptions {
  readonly runsFolder: string;
  readonly open?: OpenSqlite;
  readonly now?: () => Date;
}

/** What SQLite keeps of a database: the file itself, and what it may leave beside it. */
const parts = ['', '-wal', '-shm', '-journal'];

/**
 * `runs/almanac.db`: the index in its file. Whatever is wrong with the file, it is set aside under a name with the time
 * and an empty one is begun: all that it held is in the run folders. Held by whoever has the home's lock.
 */
export class IndexFile {
  readonly db: Kysely<Database>;
  /** What was set aside at the opening and why, in a sentence; null where the index was sound or not there. */
  readonly note: string | null;
  readonly #path: string;
  readonly #held: HeldSqlite;
  readonly #options: Required<IndexFileOptions>;
  #onDamage: (error: Error) => void = () => undefined;
  /** What a call found since the opening; null: nothing wrong. */
  #damage: Error | null = null;

  private constructor(opened: Opened, note: string | null, path: string, options: Required<IndexFileOptions>) {
    this.db = opened.db;
    this.#held = opened.held;
    opened.told = (error) => {
      this.#damage = error;
      this.#onDamage(error);
    };
    this.note = note;
    this.#path = path;
    this.#options = options;
  }

  /** @throws AppError internal where the folder takes no index at all, full or not to be written. */
  static async open(given: IndexFileOptions): Promise<IndexFile> {
    const options = { open: openBetterSqlite, now: () => new Date(), ...given };
    const path = join(options.runsFolder, 'almanac.db');
    await removeParts(draftPath(path));
    const first = await tryToOpen(path, options.open);
    if ('opened' in first) return new IndexFile(first.opened, null, path, options);
    if (isFull(first.error)) {
      // Nothing can be run on a full disk, but all that is there can be looked at.
      const inMemory = await tryToOpen(':memory:', options.open);
      if ('opened' in inMemory) return new IndexFile(inMemory.opened, memoryNote, path, options);
    }
    if (!isFaultOfFile(first.error)) throw refusal(first.error);
    const aside = asidePath(path, options.now());
    await moveParts(path, aside);
    const second = await tryToOpen(path, options.open);
    if ('error' in second) {
      await removeParts(path);
      await moveParts(aside, path);
      throw refusal(second.error);
    }
    return new IndexFile(second.opened, setAsideNote(aside, first.error), path, options);
  }

  /** From now on told of each call that finds the file damaged. */
  onDamage(told: (error: Error) => void): void {
    this.#onDamage = told;
  }

  /** An empty index beside this one; it ends with `exchange` or `discard`. */
  async draft(): Promise<Kysely<Database>> {
    await removeParts(draftPath(this.#path));
    return connectDatabase(draftPath(this.#path), this.#options.open);
  }

  async discard(draft: Kysely<Database>): Promise<void> {
    await draft.destroy().catch(() => undefined);
    await removeParts(draftPath(this.#path));
  }

  /**
   * Puts the draft in the place of the index: whoever asks next asks it. `last` runs before, while nobody else is
   * served, on the old one, which stays on an error. One that was found damaged is set aside: the answer says so.
   */
  async exchange(draft: Kysely<Database>, last: (old: Kysely<Database>) => Promise<void>): Promise<string | null> {
    const { open, runsFolder, now } = this.#options;
    const aside = asidePath(this.#path, now());
    const damage = this.#damage;
    await this.db.connection().execute(async (old) => {
      await last(old);
      // The last connection that closes a file brings its log into it: then the draft is one file.
      await draft.destroy();
      this.#held.close();
      try {
        if (damage !== null) await moveParts(this.#path, aside);
        // Left over, it would be taken for the log of the new file.
        for (const part of parts.slice(1)) await rm(this.#path + part, { recursive: true, force: true });
        await rename(draftPath(this.#path), this.#path);
        await syncFolder(runsFolder);
      } finally {
        this.#held.replace(await openPrepared(this.#path, open));
      }
    });
    this.#damage = null;
    return damage === null ? null : setAsideNote(aside, damage);
  }
}

interface Opened {
  readonly db: Kysely<Database>;
  readonly held: HeldSqlite;
  told: (error: Error) => void;
}

const draftPath = (path: string) => `${path}.new`;

const asidePath = (path: string, now: Date) => `${path}.damaged-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;

const memoryNote =
  'The disk has no room for the index almanac.db: it is kept in memory until the next start. Free some space.';

function setAsideNote(aside: string, error: unknown): string {
  return (
    `The index almanac.db could not be used (${reasonOf(error)}). It was set aside as ${basename(aside)} and built ` +
    'again from the run folders, which hold all that matters.'
  );
}

async function tryToOpen(path: string, open: OpenSqlite): Promise<{ opened: Opened } | { error: unknown }> {
  try {
    for (const part of parts) await requireFile(path + part);
    let held: HeldSqlite | undefined;
    const told = { told: (_error: Error): void => undefined };
    const db = await connectDatabase(path, async (file) => {
      held = new HeldSqlite(await open(file), (error) => told.told(error));
      return held;
    });
    if (held === undefined) throw new Error('The index was opened without a connection.');
    return { opened: Object.assign(told, { db, held }) };
  } catch (error) {
    return { error };
  }
}

/** A folder, a FIFO or a device would be opened as if it were a database; a link to a file may be meant. */
async function requireFile(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there === null || (await stat(path).catch(() => null))?.isFile() === true) return;
  throw new AppError('internal', `${basename(path)} is no regular file`);
}

async function moveParts(from: string, to: string): Promise<void> {
  for (const part of parts) {
    await rename(from + part, to + part).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

async function removeParts(path: string): Promise<void> {
  for (const part of parts) await rm(path + part, { recursive: true, force: true });
}

function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? error.cause : error;
}

/** Whether another file would do: not where another program holds it, memory or the disk is full, or SQLite is too old. */
function isFaultOfFile(error: unknown): boolean {
  const { code = '', message } = causeOf(error) as NodeJS.ErrnoException;
  return !isDiskFull(error) && !/^SQLITE_(BUSY|LOCKED|NOMEM)|^ENOMEM/.test(code) && !message.startsWith('SQLite ');
}

/** Whether the disk takes no more; SQLite says of its own files that they cannot be written. */
function isFull(error: unknown): boolean {
  const { code = '' } = causeOf(error) as NodeJS.ErrnoException;
  return isDiskFull(error) || /^SQLITE_IOERR_(?:SHM|WRITE)/.test(code);
}

function reasonOf(error: unknown): string {
  const { code, message } = causeOf(error) as NodeJS.ErrnoException;
  return code === undefined ? message : `${code}: ${message}`;
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError && error.cause === undefined) return error;
  return new AppError(
    'internal',
    `The index almanac.db in the runs folder cannot be opened (${reasonOf(error)}). Check that ALMANAC_HOME can be ` +
      'written, that its disk has room, and that no other program has the file open.',
    { cause: error },
  );
}

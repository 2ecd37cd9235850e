import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { type Said, saidSchema } from '#core/run/said.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceFile, replaceJson } from '#disk/replace-file.ts';
import { type EmptiedRun, emptiedRunSchema, replaceEmptied } from '#trainer/sidecar/db/emptied-rows.ts';
import { setOpening } from '#trainer/sidecar/db/opening-rows.ts';
import { findRun, type Opening, setSaid } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { Turns } from './turns.ts';

/** Keys that a newer version has written beside ours are kept. */
const recordSchema = z.looseObject({
  runs: z.record(z.string(), saidSchema.loose()),
  openings: z.record(z.string(), z.object({ at: z.string(), by: z.string().nullable() })).default({}),
  emptied: z.record(z.string(), emptiedRunSchema).default({}),
});
type Contents = z.infer<typeof recordSchema>;

/**
 * `runs/workspace.json`: what people have said and done about runs after their creation: names, tags, notes,
 * conclusions, added prose, openings of the test, and what stays of runs that went from the bin. Everything else is in
 * the folders of the runs.
 * One change at a time, each on the disk before the index has it, and the version before is kept as
 * `workspace.json.old`. A file that cannot be read is refused and left as it is: nothing is ever written over it.
 */
export class WorkspaceRecord {
  readonly #db: Kysely<Database>;
  readonly #path: string;
  readonly #turns = new Turns();

  constructor({ db, runsFolder }: { readonly db: Kysely<Database>; readonly runsFolder: string }) {
    this.#db = db;
    this.#path = join(runsFolder, 'workspace.json');
  }

  /**
   * Changes what is said of a run; what `change` leaves out stays. It is given what is said now, and may refuse.
   * @throws AppError state_conflict where the file is damaged.
   */
  say(id: string, change: (said: Said) => Partial<Said>): Promise<void> {
    return this.#turns.take('record', async () => {
      const run = await findRun(this.#db, id);
      if (run === undefined) return;
      const before = saidOf(run);
      const said = { ...before, ...change(before) };
      const { text, contents } = await this.#read();
      const after = { ...contents, runs: { ...contents.runs, [id]: { ...contents.runs[id], ...said } } };
      await this.#write(text, after, () => setSaid(this.#db, id, said));
    });
  }

  /** Opens the test of a run; an opening that is there already stands. @throws as say. */
  open(id: string, opening: Opening): Promise<void> {
    return this.#turns.take('record', async () => {
      const { text, contents } = await this.#read();
      const first = contents.openings[id] ?? (await findRun(this.#db, id))?.opening ?? opening;
      const after = { ...contents, openings: { ...contents.openings, [id]: first } };
      if (contents.openings[id] !== undefined) await setOpening(this.#db, id, first);
      else await this.#write(text, after, () => setOpening(this.#db, id, first));
    });
  }

  /** Keeps what stays of runs that go from the bin; what was said of them goes. @throws as say. */
  empty(runs: Readonly<Record<string, EmptiedRun>>): Promise<void> {
    return this.#turns.take('record', async () => {
      const { text, contents } = await this.#read();
      const said = Object.entries(contents.runs).filter(([id]) => !Object.hasOwn(runs, id));
      const emptied = { ...contents.emptied, ...runs };
      await this.#write(text, { ...contents, runs: Object.fromEntries(said), emptied });
    });
  }

  /** What stays of runs that went from the bin. @throws as say. */
  async emptied(): Promise<Readonly<Record<string, EmptiedRun>>> {
    return (await this.#read()).contents.emptied;
  }

  /** Puts what is written onto the runs of the index. @throws as say. */
  async apply(): Promise<void> {
    const { contents } = await this.#read();
    // A run whose folder was put back from a copy after it was emptied has been seen all the same.
    const seen = Object.entries(contents.emptied).flatMap(([id, { opening }]) =>
      opening === null ? [] : [[id, opening]],
    );
    const openings: Contents['openings'] = { ...Object.fromEntries(seen), ...contents.openings };
    for (const id of new Set([...Object.keys(contents.runs), ...Object.keys(openings)])) {
      const run = await findRun(this.#db, id);
      if (run === undefined) continue;
      // Only what differs is written: a full disk takes nothing.
      const said = saidOf(contents.runs[id] ?? run);
      if (!isEqual(said, saidOf(run))) await setSaid(this.#db, id, said);
      const opening = openings[id] ?? run.opening;
      if (opening !== null && !isEqual([opening.at, opening.by], [run.opening?.at, run.opening?.by]))
        await setOpening(this.#db, id, opening);
    }
    await replaceEmptied(this.#db, contents.emptied);
  }

  async #read(): Promise<{ readonly text: string | null; readonly contents: Contents }> {
    const text = await readPlainFile(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw damaged(
        error instanceof AppError ? error.message : `the system refuses it (${error.code ?? error.message})`,
        error,
      );
    });
    if (text === null) return { text, contents: { runs: {}, openings: {}, emptied: {} } };
    try {
      return { text, contents: recordSchema.parse(JSON.parse(text)) };
    } catch (error) {
      const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
      throw damaged(issue === undefined ? 'it is not JSON' : `${issue.path.join('.')}: ${issue.message}`, error);
    }
  }

  /** Replaces the file, then brings the change into the index: `apply`. */
  async #write(before: string | null, contents: Contents, apply: () => Promise<void> = async () => {}): Promise<void> {
    if (before !== null) await replaceFile(`${this.#path}.old`, before);
    try {
      await replaceJson(this.#path, contents);
    } catch (error) {
      // The file may have its new content, and only not be sure to keep it: then the index has it, too.
      const isThere = await this.#read().then(
        (now) => isEqual(now.contents, contents),
        () => false,
      );
      if (isThere) await apply();
      throw error;
    }
    await apply();
  }
}

/** These keys alone, in one order. */
function saidOf(run: Said): Said {
  const { name, tags, notes, conclusion, concludedAt, starred, archived, prose } = run;
  return { name, tags, notes, conclusion, concludedAt, starred, archived, prose };
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function damaged(why: string, cause: unknown): AppError {
  return new AppError(
    'state_conflict',
    `workspace.json, which holds names, tags, conclusions and openings of runs, cannot be read: ${why}. Nothing is written ` +
      'over it. Repair it, or put workspace.json.old, the version before, in its place; both lie in the runs folder.',
    { cause },
  );
}

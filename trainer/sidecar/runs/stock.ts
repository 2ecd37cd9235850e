import { runIdPattern } from '#core/run/run-name.ts';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { findKey, insertKey } from '#trainer/sidecar/db/key-rows.ts';
import { clearRows } from '#trainer/sidecar/db/log-rows.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import { deletedRuns, forgetRun, insertRun, setDeleted } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { readFrozenRun } from '#trainer/run-folder/frozen.ts';
import { toNewRow } from './index-run.ts';
import { Turns } from './turns.ts';

/** A run folder: in the runs folder, or in the bin. */
export interface RunPlace {
  readonly id: string;
  readonly folder: string;
  readonly isBinned: boolean;
}

interface Stock {
  /** Every run that has a row, the newest first. */
  readonly places: readonly RunPlace[];
  /** Those of them that had none before. */
  readonly added: ReadonlySet<string>;
  readonly failed: readonly { readonly id: string; readonly error: unknown }[];
}

/** What a notebook is called now that a run, made at an ISO time, calls by this name. */
export type NotebookNaming = (notebook: string, createdAt: string) => string;

interface StockOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly nameOf: NotebookNaming;
}

/** Rows of the index for the folders that there are, without what their logs hold. */
export class StockTaker {
  readonly #db: Kysely<Database>;
  readonly #runsFolder: string;
  readonly #nameOf: NotebookNaming;
  readonly #turns = new Turns();

  constructor({ db, runsFolder, nameOf }: StockOptions) {
    this.#db = db;
    this.#runsFolder = runsFolder;
    this.#nameOf = nameOf;
  }

  /**
   * Makes the rows that are missing, removes those whose folder is gone, and follows folders into the bin and back.
   * @param looked told how many of the folders have been looked at.
   */
  async take(looked: (runs: number, of: number) => void = () => undefined): Promise<Stock> {
    // Asked before the folders are listed: a run that is made meanwhile has its folder first.
    const known = await deletedRuns(this.#db);
    const places = await this.#list();
    const added = new Set<string>();
    const failed: { id: string; error: unknown }[] = [];
    for (const [index, place] of places.entries()) {
      looked(index, places.length);
      try {
        const wasBinned = known.get(place.id);
        if (wasBinned === undefined) {
          if (await this.add(place)) added.add(place.id);
        } else if (wasBinned !== place.isBinned && (await isThere(place.folder))) {
          await setDeleted(this.#db, place.id, place.isBinned ? new Date().toISOString() : null);
        }
      } catch (error) {
        failed.push({ id: place.id, error });
      }
    }
    const there = new Set(places.map(({ id }) => id));
    for (const id of known.keys()) {
      if (there.has(id) || (await this.find(id)) !== null) continue;
      await clearRows(this.#db, id);
      await forgetRun(this.#db, id);
      failed.push({ id, error: new Error('its folder is gone, so it has left the index') });
    }
    const lost = new Set(failed.map(({ id }) => id));
    return { places: places.filter(({ id }) => !lost.has(id)), added, failed };
  }

  /** Where the folder of a run is; null where there is none. */
  async find(id: string): Promise<RunPlace | null> {
    for (const place of [placeOf(this.#runsFolder, id, false), placeOf(this.#runsFolder, id, true)])
      if (await isThere(place.folder)) return place;
    return null;
  }

  /** Makes the row of a folder; false where it has one. @throws where its frozen files are damaged. */
  add({ id, folder, isBinned }: RunPlace): Promise<boolean> {
    return this.#turns.take(id, async () => {
      if ((await deletedRuns(this.#db, id)).size > 0) return false;
      const { record, config, overrides } = await readFrozenRun(folder);
      if (record.id !== id) throw new Error(`run.json names run ${record.id}`);
      const { notebook, createdAt } = record;
      await insertRun(this.#db, {
        ...toNewRow(record, config, overrides),
        notebook: notebook === null ? null : this.#nameOf(notebook, createdAt),
        deleted_at: isBinned ? record.createdAt : null,
      });
      if (record.key !== null && (await findKey(this.#db, record.key.key)) === undefined) {
        const { key, sha256 } = record.key;
        await insertKey(this.#db, { key, body_sha256: sha256, run_id: id, created_at: record.createdAt });
      }
      // Reading is asynchronous, what SQLite does is not.
      await loopTurn();
      return true;
    });
  }

  async #list(): Promise<readonly RunPlace[]> {
    const [binned, runs] = [await runIds(binFolder(this.#runsFolder)), await runIds(this.#runsFolder)];
    const places = new Map<string, RunPlace>();
    // One that is in both was moved between the two looks, or copied back: it is the run.
    for (const id of binned) places.set(id, placeOf(this.#runsFolder, id, true));
    for (const id of runs) places.set(id, placeOf(this.#runsFolder, id, false));
    return [...places.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }
}

/** Deleted runs lie here until somebody empties it. */
export function binFolder(runsFolder: string): string {
  return join(runsFolder, '.bin');
}

function placeOf(runsFolder: string, id: string, isBinned: boolean): RunPlace {
  return { id, folder: join(isBinned ? binFolder(runsFolder) : runsFolder, id), isBinned };
}

function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}

async function runIds(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && runIdPattern.test(entry.name)).map((entry) => entry.name);
}

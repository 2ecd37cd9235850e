import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { BinContent, EmptiedBin } from '#core/api/run-answers.ts';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { runIdPattern } from '#core/run/run-name.ts';
import { syncFolder } from '#disk/sync-folder.ts';
import { attemptLockPath } from '#trainer/run-folder/attempt-lock.ts';
import { readFrozenRun } from '#trainer/run-folder/frozen.ts';
import { findLockHolder } from '#trainer/run-folder/lock-file.ts';
import { type EmptiedRun, emptyRows, shrinkIndex, toEmptied } from '#trainer/sidecar/db/emptied-rows.ts';
import { binnedRunIds, binnedRuns, findRun, setDeleted } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { binFolder } from './stock.ts';
import { Turns } from './turns.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

interface BinOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly record: WorkspaceRecord;
  /** Removes kept bars that no run names any more; answers the bytes that are free then. */
  readonly sweepBars: () => Promise<number>;
}

/** Files without which a run that is being emptied could not be put back; they go last, and are small but for the log. */
const lastToGo: readonly string[] = [
  runFiles.record,
  runFiles.config,
  runFiles.overrides,
  runFiles.notebook,
  runFiles.events,
];

const asidePattern = /^\.([0-9a-z]{10,40})\.emptied$/;

/**
 * `runs/.bin`: the folders of deleted runs, whole and unchanged, until somebody empties it. Emptying is decided by one
 * rename a run, `<id>` to `.<id>.emptied`: a kill before it leaves the run in the bin, one after it is made up for at the
 * next start. Nothing is removed under a name that a run has. One thing at a time.
 */
export class Bin {
  readonly #db: Kysely<Database>;
  readonly #runsFolder: string;
  readonly #folder: string;
  readonly #record: WorkspaceRecord;
  readonly #sweepBars: () => Promise<number>;
  readonly #turns = new Turns();

  constructor({ db, runsFolder, record, sweepBars }: BinOptions) {
    this.#db = db;
    this.#runsFolder = runsFolder;
    this.#folder = binFolder(runsFolder);
    this.#record = record;
    this.#sweepBars = sweepBars;
  }

  /** Takes a run that has ended out of every list. */
  put(id: string, now = new Date()): Promise<void> {
    return this.#turns.take('bin', async () => {
      await mkdir(this.#folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'EEXIST' && cause.code !== 'ENOTDIR') throw cause;
        throw new AppError('state_conflict', '.bin in the runs folder is no folder. Move it away.', { cause });
      });
      await this.#move(join(this.#runsFolder, id), join(this.#folder, id), id, now.toISOString());
    });
  }

  /** Puts a run back where it was. @throws AppError run_not_found where it is not in the bin. */
  restore(id: string): Promise<void> {
    return this.#turns.take('bin', async () => {
      const run = runIdPattern.test(id) ? await findRun(this.#db, id) : undefined;
      if (run === undefined || run.deletedAt === null || !(await isThere(join(this.#folder, id)))) {
        throw new AppError('run_not_found', 'There is no such run in the bin.');
      }
      await this.#move(join(this.#folder, id), join(this.#runsFolder, id), id, null);
    });
  }

  /** What lies in it, and what emptying would free: runs, and bytes of their files. */
  weigh(): Promise<BinContent> {
    return this.#turns.take('bin', async () => {
      const [ids, rows] = [await this.#ids(), await binnedRuns(this.#db)];
      const known = new Map(rows.map((row) => [row.id, row]));
      const items = await Promise.all(
        ids.map(async (id) => {
          const nameless = { id, number: null, name: id, notebook: null, binnedAt: null };
          return { ...(known.get(id) ?? nameless), bytes: await sizeOf(join(this.#folder, id)) };
        }),
      );
      items.sort((a, b) => (b.binnedAt ?? '').localeCompare(a.binnedAt ?? '') || b.id.localeCompare(a.id));
      return { runs: ids.length, bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), items };
    });
  }

  /**
   * Removes all runs of the bin for good, but those that a process still writes to. Of each stay its number and what counts
   * for others: that it was scored on their rows, and that its test was seen.
   * @throws AppError state_conflict, with the bin as it was, where the workspace record is damaged.
   */
  empty(): Promise<EmptiedBin> {
    return this.#turns.take('bin', async () => {
      await this.#record.emptied();
      const kept: EmptiedBin['kept'] = [];
      const aside: string[] = [];
      let bytes = 0;
      for (const id of await this.#ids()) {
        const reason = await this.#reasonToKeep(id);
        const folder = join(this.#folder, id);
        const size = await sizeOf(folder);
        if (reason === null && (await isThere(folder))) await rename(folder, this.#asideOf(id));
        if (reason === null) {
          aside.push(id);
          bytes += size;
        } else kept.push({ id, reason });
      }
      if (aside.length > 0) bytes += await this.#finish(aside);
      return { runs: aside.length, bytes, kept };
    });
  }

  /**
   * Makes up for a stop while runs were being emptied. To be called before the folders are indexed, which follows runs on
   * their way to the bin and from it.
   */
  recover(): Promise<void> {
    return this.#turns.take('bin', async () => {
      const emptied = await this.#record.emptied();
      const aside: string[] = [];
      for (const name of await readdir(this.#folder).catch(() => [])) {
        const id = asidePattern.exec(name)?.[1];
        if (id === undefined) continue;
        const isKnown = Object.hasOwn(emptied, id) || (await findRun(this.#db, id)) !== undefined;
        // Of a run that neither the index nor the record knows nothing could stay: it goes back into the bin.
        if (isKnown || (await isThere(join(this.#folder, id)))) aside.push(id);
        else await rename(join(this.#folder, name), join(this.#folder, id));
      }
      for (const id of await binnedRunIds(this.#db)) {
        if (aside.includes(id) || !Object.hasOwn(emptied, id)) continue;
        // One of which only rows are left.
        if (!(await isThere(join(this.#folder, id))) && !(await isThere(join(this.#runsFolder, id)))) aside.push(id);
      }
      if (aside.length > 0) await this.#finish(aside);
    });
  }

  /**
   * Removes what lies aside: first what takes space and nobody needs, so that a full disk has room for what is to stay; last
   * the bars that only these runs had. Answers the bytes of these.
   */
  async #finish(ids: readonly string[]): Promise<number> {
    await syncFolder(this.#folder).catch(ignoreAbsent);
    for (const id of ids) {
      for (const name of await readdir(this.#asideOf(id)).catch(() => [])) {
        if (!lastToGo.includes(name)) await rm(join(this.#asideOf(id), name), { recursive: true, force: true });
      }
    }
    const left = await this.#whatStays(ids);
    await this.#record.empty(Object.fromEntries(left));
    for (const id of ids) {
      await rm(this.#asideOf(id), { recursive: true, force: true });
      await emptyRows(this.#db, id, left.get(id) ?? null);
    }
    await syncFolder(this.#folder).catch(ignoreAbsent);
    await shrinkIndex(this.#db);
    return this.#sweepBars();
  }

  async #whatStays(ids: readonly string[]): Promise<ReadonlyMap<string, EmptiedRun>> {
    const known = await this.#record.emptied();
    const left = new Map<string, EmptiedRun>();
    for (const id of ids) {
      const run = await findRun(this.#db, id);
      if (run !== undefined) left.set(id, toEmptied(run));
      else if (Object.hasOwn(known, id)) left.set(id, known[id]);
      else {
        // A folder that could not be indexed: its number, if its record can be read.
        const frozen = await readFrozenRun(this.#asideOf(id)).catch(() => null);
        if (frozen === null) continue;
        const { number, createdAt } = frozen.record;
        left.set(id, { number, createdAt, validation: null, test: null, opening: null });
      }
    }
    return left;
  }

  /** Ids of what is in the bin: by the folders, and by the index where a folder was removed by hand. */
  async #ids(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return [...new Set([...names.filter((name) => runIdPattern.test(name)), ...(await binnedRunIds(this.#db))])].sort();
  }

  async #reasonToKeep(id: string): Promise<string | null> {
    const run = await findRun(this.#db, id);
    if (run?.deletedAt === null) return 'it is not in the bin: a run of that id is among the others';
    if (await isThere(join(this.#runsFolder, id))) return 'it is not in the bin: its folder is among the others';
    const attempt = run?.view.attempt ?? 1;
    const folder = join(this.#folder, id);
    if (!(await isThere(folder))) return null;
    const holder = findLockHolder(attemptLockPath(folder, attempt));
    return holder === null ? null : `process ${holder.pid} still has it`;
  }

  /** Renames a folder and says so in the index, or neither. */
  async #move(from: string, to: string, id: string, deletedAt: string | null): Promise<void> {
    await rename(from, to);
    try {
      await setDeleted(this.#db, id, deletedAt);
    } catch (error) {
      await rename(to, from);
      throw error;
    }
  }

  #asideOf(id: string): string {
    return join(this.#folder, `.${id}.emptied`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Bytes of all files under a path; links are not followed. */
async function sizeOf(path: string): Promise<number> {
  const stat = await lstat(path).catch(() => null);
  if (stat === null || !stat.isDirectory()) return stat?.size ?? 0;
  let sum = 0;
  for (const name of await readdir(path).catch(() => [])) sum += await sizeOf(join(path, name));
  return sum;
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

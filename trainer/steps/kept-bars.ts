import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';
import { openPlainFile } from '#disk/plain-file.ts';
import { syncFolder } from '#disk/sync-folder.ts';
import {
  DamagedContent,
  type PackedContent,
  readContent,
  readMeta,
  writeContent,
} from '#trainer/cache/content-file.ts';
import type { LoadedBars } from '#trainer/data/load.ts';
import { type BarsFacts, fromBarsContent, toBarsFacts } from './bars-content.ts';

/** Ms that bars may lie there before a run names them: its trainer writes data.json a moment later. */
const grace = 3_600_000;
const idPattern = /^[0-9a-f]{64}$/;

/**
 * `runs/.bars/<sha256>`: the cleaned bars of runs, by what they are, so that runs on the same bars keep them once. They
 * stay as long as a run names them, one in the bin too, whatever becomes of the file they were read from.
 */
export class KeptBars {
  readonly #folder: string;

  constructor(runsFolder: string) {
    this.#folder = join(runsFolder, '.bars');
  }

  /** Where these bars lie, once they are kept. */
  pathOf(id: string): string {
    return join(this.#folder, id);
  }

  /** Bytes of these bars as they are kept; null where they are not. */
  async find(id: string): Promise<number | null> {
    return idPattern.test(id) ? ((await stat(this.pathOf(id)).catch(() => null))?.size ?? null) : null;
  }

  /**
   * Keeps bars, unless they are there. They may reach the disk later (sync).
   * @param from a file of the same content, which is linked to where the disk can do that
   * @throws what the system says
   */
  async keep(id: string, packed: () => Promise<PackedContent>, from: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    // Whoever sweeps must see that they are wanted.
    const now = new Date();
    if (await succeeds(utimes(this.pathOf(id), now, now))) return;
    if (await succeeds(link(from, this.pathOf(id)))) return;
    await writeContent(this.#folder, await packed(), `.${randomUUID()}.tmp`);
  }

  /** Returns when bars that are kept have reached the disk. @throws what the system says */
  async sync(id: string): Promise<void> {
    const file = await openPlainFile(this.pathOf(id));
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(this.#folder);
  }

  /** @throws AppError data_not_found, data_unreadable */
  read(id: string): Promise<LoadedBars> {
    return this.#read(id, async () => fromBarsContent(await readContent(this.#folder, id)));
  }

  /** What these bars were read from and what cleaning did. @throws AppError data_not_found, data_unreadable */
  readFacts(id: string): Promise<BarsFacts> {
    return this.#read(id, async () => toBarsFacts(await readMeta(this.#folder, id)));
  }

  async #read<Value>(id: string, read: () => Promise<Value>): Promise<Value> {
    const refuse = (code: 'data_not_found' | 'data_unreadable', what: string, cause?: unknown) =>
      new AppError(
        code,
        `The bars that were kept (${id.slice(0, 12)}…) ${what}. Fork the run with bars: today, which reads the file anew.`,
        { cause },
      );
    if ((await this.find(id)) === null) throw refuse('data_not_found', 'are not there any more');
    try {
      return await read();
    } catch (cause) {
      const why = cause instanceof DamagedContent ? cause.message : String(cause);
      throw refuse('data_unreadable', `are damaged: ${why}`, cause);
    }
  }

  /** Removes bars that no run names, and drafts that nobody finished. Answers the bytes that are free then. */
  async sweep(named: ReadonlySet<string>, now: number = Date.now()): Promise<number> {
    let freed = 0;
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (named.has(name) || (!idPattern.test(name) && !name.endsWith('.tmp'))) continue;
      const found = await stat(this.pathOf(name)).catch(() => null);
      if (found === null || now - found.mtimeMs < grace) continue;
      await rm(this.pathOf(name), { force: true });
      // Of a file that the cache has too nothing is freed.
      if (found.nlink === 1) freed += found.size;
    }
    return freed;
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

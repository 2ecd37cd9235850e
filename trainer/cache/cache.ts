import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CacheContent } from '#core/api/cache-answers.ts';
import { formatBytes } from '#core/bytes.ts';
import { freeBytesOf } from '#disk/free-bytes.ts';
import { isDiskFull } from '#disk/full-disk.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceJson } from '#disk/replace-file.ts';
import type { CellKey } from './cell-key.ts';
import {
  type Content,
  DamagedContent,
  packContent,
  type PackedContent,
  readContent,
  readMeta,
  writeContent,
} from './content-file.ts';

const entrySchema = z.object({
  key: z.string(),
  step: z.string(),
  settings: z.string(),
  inputs: z.string(),
  code: z.string(),
  content: z.string(),
  bytes: z.number(),
  seconds: z.number(),
  at: z.string(),
});
type Entry = z.infer<typeof entrySchema>;
/** With the time of its last use, ms since 1970. */
type UsedEntry = Entry & { readonly used: number };

/** What was found under a key: its content, or only what that says in JSON. */
export type Found<Value = Content> =
  | {
      readonly state: 'hit';
      readonly value: Value;
      /** Id of the content. */
      readonly id: string;
      /** What it took to compute. */
      readonly seconds: number;
    }
  | {
      readonly state: 'miss';
      /** In words, e.g. "the file has changed". */
      readonly why: string;
    };

/** How keeping a result went: null where it is kept, else why not, in words. */
type Refusal = string | null;

/** Room that is left to checkpoints and logs, whatever the limit says. */
const reserve = 512 * 1024 ** 2;
/** Ms after which a draft that nobody finished is left over. */
const staleAfter = 3_600_000;

/**
 * Results by key, on disk. `keys/<key>.json` names the content, `contents/<sha256>` is it; both get their names when they are
 * whole, so that processes share a folder without asking each other, and one that is killed leaves a draft at most. What
 * cannot be read or is damaged is a miss, what cannot be written is refused in words: nothing here ends a run. When the
 * limit is passed, what was used longest ago goes.
 */
export class Cache {
  readonly #folder: string;
  readonly #limit: number;
  /** What was read of each key, and when that was used last: it is read again once it was used or written since. */
  #known = new Map<string, UsedEntry>();

  /** @param limit bytes; 0 keeps nothing and finds nothing */
  constructor(folder: string, { limit }: { readonly limit: number }) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** What was kept under this key. Never rejects. */
  find(key: CellKey): Promise<Found> {
    return this.#read(key, readContent);
  }

  /** What the content under this key says in JSON, without its arrays. Never rejects. */
  findMeta(key: CellKey): Promise<Found<unknown>> {
    return this.#read(key, readMeta);
  }

  /** Where content of this id lies, where it is kept. */
  pathOf(id: string): string {
    return join(this.#contents, id);
  }

  async #read<Value>(key: CellKey, read: (folder: string, id: string) => Promise<Value>): Promise<Found<Value>> {
    if (this.#limit === 0) return { state: 'miss', why: 'the cache is switched off' };
    const entry = await this.#entry(key.key).catch((error: unknown) => error);
    if (entry === null) return { state: 'miss', why: await this.#reason(key) };
    if (!isEntry(entry)) return { state: 'miss', why: `the cache cannot be read: ${faultOf(entry)}` };
    try {
      const value = await read(this.#contents, entry.content);
      await touch(this.#path(entry.key));
      return { state: 'hit', value, id: entry.content, seconds: entry.seconds };
    } catch (error) {
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      await this.#forget(entry, { damaged: error instanceof DamagedContent });
      const why = isGone ? 'it was cleared from the cache' : `what was kept is damaged: ${faultOf(error)}`;
      return { state: 'miss', why };
    }
  }

  /** Keeps a result that took so many seconds to compute. Never rejects. */
  async keep(key: CellKey, content: Content | PackedContent, seconds: number): Promise<Refusal> {
    if (this.#limit === 0) return 'the cache is switched off';
    try {
      const packed = 'header' in content ? content : await packContent(content);
      if (packed.bytes > this.#limit) {
        return `it has ${formatBytes(packed.bytes)}, more than the ${formatBytes(this.#limit)} of the cache`;
      }
      for (const folder of [this.#keys, this.#contents]) await mkdir(folder, { recursive: true });
      await this.#shrink(this.#limit - packed.bytes);
      const isThere = await stat(this.pathOf(packed.id)).catch(() => null);
      if (isThere?.size !== packed.bytes) {
        const free = await freeBytesOf(this.#folder);
        if (free < packed.bytes + reserve) return `the disk of the cache has ${formatBytes(free)} free`;
        await writeContent(this.#contents, packed, draftName());
      } else await touch(this.pathOf(packed.id));
      const entry: Entry = {
        ...key,
        ...{ content: packed.id, bytes: packed.bytes, seconds, at: new Date().toISOString() },
      };
      await replaceJson(this.#path(key.key), entry, { draft: join(this.#keys, draftName()) });
      return null;
    } catch (error) {
      return isDiskFull(error) ? 'the disk of the cache is full' : `the cache cannot be written: ${faultOf(error)}`;
    }
  }

  /** What it holds. Never rejects: a folder that cannot be read holds nothing. */
  async weigh(): Promise<CacheContent> {
    const entries = await this.#entries();
    const sizes = new Map(entries.map(({ content, bytes }) => [content, bytes]));
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    return { entries: entries.length, bytes, limit: this.#limit };
  }

  /** Removes all that is kept. Answers what went. @throws what the system says where it cannot be removed */
  async clear(): Promise<CacheContent> {
    const content = await this.weigh();
    for (const folder of [this.#keys, this.#contents]) await rm(folder, { recursive: true, force: true });
    return content;
  }

  get #keys(): string {
    return join(this.#folder, 'keys');
  }

  get #contents(): string {
    return join(this.#folder, 'contents');
  }

  #path(key: string): string {
    return join(this.#keys, `${key}.json`);
  }

  /** null where there is none; one that says nothing is none either. */
  async #entry(key: string): Promise<Entry | null> {
    try {
      const parsed = entrySchema.safeParse(JSON.parse(await readPlainFile(this.#path(key))));
      return parsed.success && parsed.data.key === key ? parsed.data : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** Used last, used first in the list. */
  async #entries(): Promise<readonly UsedEntry[]> {
    const read = (await this.#names()).map(async (key): Promise<readonly UsedEntry[]> => {
      const file = await stat(this.#path(key)).catch(() => null);
      if (file === null) return [];
      const before = this.#known.get(key);
      if (before?.used === file.mtimeMs) return [before];
      const entry = await this.#entry(key).catch(() => null);
      return entry ? [{ ...entry, used: file.mtimeMs }] : [];
    });
    const entries = (await Promise.all(read)).flat();
    this.#known = new Map(entries.map((entry) => [entry.key, entry]));
    return entries.sort((a, b) => b.used - a.used);
  }

  /** The keys that there are. */
  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#keys).catch(() => []);
    return names.flatMap((name) => /^([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []);
  }

  async #reason(key: CellKey): Promise<string> {
    const same = (await this.#entries()).filter(({ step }) => step === key.step);
    const has = (match: (entry: CellKey) => boolean) => same.some(match);
    if (same.length === 0) return 'nothing like it was computed before';
    if (has(({ settings, inputs }) => settings === key.settings && inputs === key.inputs)) {
      return 'the code that computes it has changed';
    }
    if (has(({ settings, code }) => settings === key.settings && code === key.code)) {
      return key.step === 'data' ? 'the file has changed' : 'what it is computed from has changed';
    }
    return 'it was not computed with these settings before';
  }

  async #forget({ key, content }: Entry, { damaged }: { readonly damaged: boolean }): Promise<void> {
    await rm(this.#path(key), { force: true }).catch(() => {});
    if (damaged) await rm(join(this.#contents, content), { force: true }).catch(() => {});
  }

  /** Makes room: the longest unused goes until `room` bytes are enough; so do drafts that nobody finished. */
  async #shrink(room: number): Promise<void> {
    const entries = await this.#entries();
    const kept = new Set<string>();
    let bytes = 0;
    for (const entry of entries) {
      const more = kept.has(entry.content) ? 0 : entry.bytes;
      if (bytes + more <= room) {
        bytes += more;
        kept.add(entry.content);
      } else await rm(this.#path(entry.key), { force: true });
    }
    await this.#sweep(kept);
  }

  /** Removes contents that no key names, and drafts, where they are older than a write can take. */
  async #sweep(kept: ReadonlySet<string>): Promise<void> {
    for (const folder of [this.#keys, this.#contents]) {
      for (const name of await readdir(folder).catch(() => [])) {
        const isContent = folder === this.#contents && /^[0-9a-f]{64}$/.test(name);
        if (isContent ? kept.has(name) : !name.endsWith('.tmp')) continue;
        const path = join(folder, name);
        const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
        // A content without a key may be that of a writer who has not come to its key yet.
        if (age > (isContent ? 60_000 : staleAfter)) await rm(path, { force: true });
      }
    }
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'content' in value;
}

/** Says that a file was used now. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}

function draftName(): string {
  return `.${randomUUID()}.tmp`;
}

function faultOf(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message;
  return String(error);
}

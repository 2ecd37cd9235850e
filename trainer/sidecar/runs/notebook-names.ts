import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileName } from '#core/notebook/notebook-name.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceFile } from '#disk/replace-file.ts';
import {
  isSameFile,
  type KnownNotebook,
  knownNotebookSchema,
  matchNotebooks,
  nameSince,
  type SeenFile,
} from './notebook-match.ts';
import { warnSparingly } from './sparing-warning.ts';

interface NotebookNamesOptions {
  readonly notebooks: string;
  readonly runsFolder: string;
  /** Gives the runs of a notebook, by its name before, its name now. */
  readonly renamed: (names: ReadonlyMap<string, string>) => Promise<void>;
  readonly warn: (message: string, error: unknown) => void;
  readonly now?: () => Date;
}

const recordSchema = z.object({ notebooks: z.array(knownNotebookSchema).readonly() });

/** Most notebooks that are remembered after they went. */
const mostGone = 1000;
const mostLines = 2000;
/** Bytes of a file that is looked into: what is longer is no notebook. */
const mostBytes = 4 << 20;
/** Ms within which a folder may change twice at one time of its clock. */
const coarse = 100;

/**
 * Keeps the runs of a notebook with it when its file is renamed, by the page, by hand or by git: `runs/notebooks.json`
 * says which file was which notebook, and nothing is written into the file itself. Looked at whenever runs are listed or
 * made; a look at a folder that has not changed is one question to the system.
 */
export class NotebookNames {
  readonly #options: Required<NotebookNamesOptions>;
  readonly #path: string;
  #known: readonly KnownNotebook[] | null = null;
  /** Text of the record as it is on the disk; null where that is not known. */
  #written: string | null = null;
  #seenAt = -1;
  #looking: Promise<void> | null = null;

  constructor(options: NotebookNamesOptions) {
    this.#options = { now: () => new Date(), ...options, warn: warnSparingly(options.warn, 600_000) };
    this.#path = join(options.runsFolder, 'notebooks.json');
  }

  /** What a notebook is called now that a run, made at `createdAt`, calls `notebook`. */
  nameOf(notebook: string, createdAt: string): string {
    return nameSince(this.#known ?? [], notebook, createdAt);
  }

  /** Follows what was renamed since the last look. Never throws: what it cannot do it says, and tries again. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#options.warn('Notebooks could not be followed to their names', error))
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { notebooks, renamed, now } = this.#options;
    const folder = await stat(notebooks).catch(() => null);
    if (folder === null || folder.mtimeMs === this.#seenAt) return;
    const known = (this.#known ??= await this.#read());
    const files = await this.#files(known);
    const found = matchNotebooks(known, files, { binned: await this.#binned(), now: now().toISOString() });
    if (found.renamed.size > 0) await renamed(found.renamed);
    this.#known = trim(found.notebooks);
    const text = `${JSON.stringify({ notebooks: this.#known })}\n`;
    if (text !== this.#written) await replaceFile(this.#path, text);
    this.#written = text;
    this.#seenAt = folder.mtimeMs < Date.now() - coarse ? folder.mtimeMs : -1;
  }

  async #files(known: readonly KnownNotebook[]): Promise<ReadonlyMap<string, SeenFile>> {
    const { notebooks } = this.#options;
    const found = new Map<string, SeenFile>();
    for (const entry of await readdir(notebooks, { withFileTypes: true })) {
      const name = readFileName(entry.name)?.name;
      if (typeof name !== 'string' || !entry.isFile()) continue;
      const path = join(notebooks, entry.name);
      const info = await lstat(path).catch(() => null);
      if (info === null) continue;
      const at = { ...placeOf(info), size: info.size, changed: info.mtimeMs };
      const before = known.find(
        ({ file }) => isSameFile(file, at) && file.size === at.size && file.changed === at.changed,
      );
      const reading = () => readFile(path).then(contentOf, () => null);
      const content = before?.file ?? (info.size > mostBytes ? { digest: '', lines: [] } : await reading());
      if (content !== null) found.set(name, { ...at, digest: content.digest, lines: content.lines });
    }
    return found;
  }

  async #binned(): Promise<readonly Pick<SeenFile, 'inode' | 'born'>[]> {
    const bin = join(this.#options.notebooks, '.bin');
    const names = await readdir(bin).catch(() => []);
    const files = await Promise.all(names.map((name) => lstat(join(bin, name)).catch(() => null)));
    return files.flatMap((info) => (info === null ? [] : [placeOf(info)]));
  }

  /** What was known at the last start. A file that cannot be read is set aside: what it knew is in the index as well. */
  async #read(): Promise<readonly KnownNotebook[]> {
    const { now, warn } = this.#options;
    const text = await readPlainFile(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return [];
    try {
      const { notebooks } = recordSchema.parse(JSON.parse(text));
      this.#written = text;
      return notebooks;
    } catch (error) {
      const aside = `${this.#path}.damaged-${now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '')}`;
      await rename(this.#path, aside);
      warn('notebooks.json, which knows what notebooks were called before, was set aside and is begun again', error);
      return [];
    }
  }
}

function placeOf({ ino, birthtimeMs }: { readonly ino: number; readonly birthtimeMs: number }) {
  return { inode: String(ino), born: birthtimeMs };
}

function contentOf(bytes: Buffer): Pick<SeenFile, 'digest' | 'lines'> {
  const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
  const lines = new Set(
    bytes
      .toString('utf8')
      .split(/\r?\n/)
      .map((line) => line.trim()),
  );
  lines.delete('');
  const first = [...lines].slice(0, mostLines);
  return { digest: hash(bytes).slice(0, 32), lines: first.map((line) => hash(line).slice(0, 8)) };
}

function trim(notebooks: readonly KnownNotebook[]): readonly KnownNotebook[] {
  const gone = notebooks.filter(({ gone }) => gone !== null);
  const kept = new Set(gone.sort((a, b) => String(b.gone).localeCompare(String(a.gone))).slice(0, mostGone));
  return notebooks.filter((notebook) => notebook.gone === null || kept.has(notebook));
}

import { z } from 'zod';

/** A notebook's file as it was seen: by what of it a file of another name is told to be the same. */
const seenFileSchema = z.object({
  /** Number of the file in its file system, and when it was made in ms UTC: a rename keeps both. 0: not known. */
  inode: z.string(),
  born: z.number(),
  size: z.number(),
  /** Time of the last change, ms UTC. */
  changed: z.number(),
  /** sha256 of its bytes, 32 digits; empty for one that is too long to be a notebook. */
  digest: z.string(),
  /** Of each line that is not blank eight digits of its sha256, each line once; of the first 2000. */
  lines: z.array(z.string()).readonly(),
});
export type SeenFile = Readonly<z.infer<typeof seenFileSchema>>;

/** A notebook and the names that it has had. */
export const knownNotebookSchema = z.object({
  name: z.string(),
  /** Names before, oldest first, each with the ISO time until which it was called so. */
  was: z.array(z.object({ name: z.string(), until: z.string() })).readonly(),
  file: seenFileSchema,
  /** Since when there is no file of its name, as ISO time; null: there is one. */
  gone: z.string().nullable(),
  /** Whether it went to the bin: then a file like it is no other name of it, but the same file again is. */
  binned: z.boolean(),
});
export type KnownNotebook = Readonly<z.infer<typeof knownNotebookSchema>>;

/** Share of lines that a file which was renamed and edited at once has kept. */
const leastAlike = 0.6;

/** Whether two files are one, whatever they are called and hold: numbers alone are given again. */
export function isSameFile(one: Pick<SeenFile, 'inode' | 'born'>, other: Pick<SeenFile, 'inode' | 'born'>): boolean {
  return one.born > 0 && one.inode === other.inode && one.born === other.born;
}

/** Share of lines, of the longer, that two files have in common. */
function likeness({ lines }: SeenFile, other: SeenFile): number {
  const longer = Math.max(lines.length, other.lines.length);
  const known = new Set(lines);
  return longer === 0 ? 0 : other.lines.filter((line) => known.has(line)).length / longer;
}

/**
 * Which notebook each file is. In this order: the name with the same file or content; the same file; the same content; the
 * name; lines that are alike, of those that have just gone, and of one alone. What is left of the files is new, what is
 * left of the notebooks gone. A notebook that is gone and whose name another takes is known no longer.
 * @returns what is known then, and by their names before the names of those that have another now.
 * @param files by name. @param binned files in the bin. @param now ISO time.
 */
export function matchNotebooks(
  known: readonly KnownNotebook[],
  files: ReadonlyMap<string, SeenFile>,
  { binned, now }: { readonly binned: readonly Pick<SeenFile, 'inode' | 'born'>[]; readonly now: string },
): { readonly notebooks: readonly KnownNotebook[]; readonly renamed: ReadonlyMap<string, string> } {
  const left = new Map(files);
  const found = new Map<KnownNotebook, string>();
  const take = (
    fits: (notebook: KnownNotebook, name: string, file: SeenFile) => boolean,
    of: readonly KnownNotebook[] = known,
  ): void => {
    for (const notebook of of) {
      if (found.has(notebook)) continue;
      const name = [...left].find(([other, file]) => fits(notebook, other, file))?.[0];
      if (name === undefined) continue;
      found.set(notebook, name);
      left.delete(name);
    }
  };
  const isBinned = ({ file, binned: before }: KnownNotebook) => before || binned.some((one) => isSameFile(one, file));
  const justGone = () =>
    known.filter((notebook) => notebook.gone === null && !found.has(notebook) && !isBinned(notebook));
  const holdSame = (one: SeenFile, other: SeenFile) => one.digest !== '' && one.digest === other.digest;
  take(({ name, file }, other, seen) => name === other && (isSameFile(file, seen) || holdSame(file, seen)));
  take(({ file }, _, seen) => isSameFile(file, seen));
  take(
    ({ file }, _, seen) => holdSame(file, seen),
    justGone().filter(({ name }) => !files.has(name)),
  );
  take(({ name }, other) => name === other);
  for (const notebook of justGone()) {
    const alike = [...left].filter(([, file]) => likeness(notebook.file, file) >= leastAlike);
    const others = justGone().filter((other) => alike.some(([, file]) => likeness(other.file, file) >= leastAlike));
    if (alike.length !== 1 || others.length !== 1) continue;
    found.set(notebook, alike[0][0]);
    left.delete(alike[0][0]);
  }
  const there = known.flatMap((notebook) => {
    const name = found.get(notebook);
    const file = name === undefined ? undefined : files.get(name);
    return name === undefined || file === undefined ? [] : [renamed(notebook, name, file, now)];
  });
  const fresh = [...left].map(([name, file]) => ({ name, was: [], file, gone: null, binned: false }));
  const gone = known
    .filter((notebook) => !found.has(notebook) && !files.has(notebook.name))
    .map((notebook) => ({ ...notebook, gone: notebook.gone ?? now, binned: isBinned(notebook) }));
  const names = [...found].flatMap(([{ name }, after]) => (name === after ? [] : [[name, after] as const]));
  return { notebooks: [...there, ...fresh, ...gone], renamed: new Map(names) };
}

function renamed(notebook: KnownNotebook, name: string, file: SeenFile, now: string): KnownNotebook {
  const was = name === notebook.name ? notebook.was : [...notebook.was, { name: notebook.name, until: now }];
  return { name, was, file, gone: null, binned: false };
}

/** What a notebook is called now that was called `name` at the time `at`, ISO. */
export function nameSince(known: readonly KnownNotebook[], name: string, at: string): string {
  const had = known.flatMap((notebook) =>
    notebook.was
      .filter((old) => old.name === name && at < old.until)
      .map(({ until }) => ({ until, now: notebook.name })),
  );
  had.sort((a, b) => (a.until < b.until ? -1 : 1));
  return had[0]?.now ?? name;
}

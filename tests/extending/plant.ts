import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that somebody adds, and the line that names it in a registry. */
export interface Half {
  readonly path: string;
  readonly text: string;
  /** Path of the registry. */
  readonly registry: string;
  /** What stands before the place of the new entry. */
  readonly before: string;
  readonly entry: string;
  /** What the entry names of the file. */
  readonly exported: string;
}

/** One thing of a kind that people add, with all that it takes. */
export interface Plant {
  readonly kind: string;
  readonly core: Half;
  /** Kinds that need one have a half that trains. */
  readonly trainer?: Half;
  /** Overrides that make a run use it. */
  readonly use: readonly string[];
  /** What the form then says of it. */
  readonly says: string;
}

/** Adds a file to a copy of the project in `root`, and its line. */
export function plantHalf(root: string, { path, text, registry, before, entry, exported }: Half): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  const source = readFileSync(join(root, registry), 'utf8');
  if (source.split(before).length !== 2) throw new Error(`Expected ${registry} to have ${before} once`);
  const from = `./${path.slice(dirname(registry).length + 1)}`;
  writeFileSync(
    join(root, registry),
    `import { ${exported} } from '${from}';\n${source.replace(before, `${before}\n  ${entry},`)}`,
  );
}

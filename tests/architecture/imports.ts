import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Project files this one imports for their values (type imports left out). */
  readonly values: readonly string[];
  /** Project files this one imports for types alone. */
  readonly types: readonly string[];
  /** Packages imported for their values. */
  readonly packages: readonly string[];
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?((?:[\w*\s{},$]|\btype\b)*?)\s*(?:from\s+)?['"]([^'"\n]+)['"]|import\(\s*['"]([^'"\n]+)['"]\s*\)/g;

export function resolveImport(from: string, specifier: string): string | null {
  const aliases: readonly (readonly [string, string])[] = [
    ['#access/', 'src/access/'],
    ['#core/', 'src/core/'],
    ['#disk/', 'src/disk/'],
    ['#lib/', 'src/lib/'],
    ['$lib/', 'src/lib/'],
    ['#trainer/', 'trainer/'],
    ['#tests/', 'tests/'],
  ];
  for (const [alias, folder] of aliases) {
    if (specifier.startsWith(alias)) return (folder + specifier.slice(alias.length)).replace(/\?.*$/, '');
  }
  if (!specifier.startsWith('.')) return null;
  // AssemblyScript adds the ending itself, and takes none.
  if (from.startsWith('trainer/engines/wasm/assembly/')) return normalize(join(dirname(from), `${specifier}.ts`));
  return normalize(join(dirname(from), specifier)).replace(/\?.*$/, '');
}

/** True for `import { type A, type B } from`, which brings no value. */
function onlyTypes(clause: string): boolean {
  const named = /^\{([^}]*)\}$/.exec(clause.trim());
  if (!named) return false;
  const names = (named[1] ?? '').split(',').map((name) => name.trim());
  return names.filter(Boolean).every((name) => name.startsWith('type '));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const values: string[] = [];
  const types: string[] = [];
  const packages: string[] = [];
  for (const match of code.matchAll(statement)) {
    const specifier = match[3] ?? match[4] ?? '';
    const isType = match[1] !== undefined || onlyTypes(match[2] ?? '');
    const target = resolveImport(path, specifier);
    if (target === null) {
      if (!isType) packages.push(specifier);
    } else (isType ? types : values).push(target);
  }
  return { path, text, values, types, packages };
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return /\.(ts|mjs|js|svelte)$/.test(entry.name) ? [path] : [];
  });
}

/** Every source file of `src` and `trainer`. */
export function readSources(): readonly SourceFile[] {
  return ['src', 'trainer'].flatMap(filesBelow).map((path) => readSource(relative('.', path)));
}

/** Groups of files, or rooms, that import each other in a circle, by `values` (Tarjan's algorithm). */
export function findCycles(files: readonly Pick<SourceFile, 'path' | 'values'>[]): readonly (readonly string[])[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];

  function visit(path: string): void {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    onStack.add(path);
    for (const next of byPath.get(path)?.values ?? []) {
      if (!byPath.has(next)) continue;
      if (!index.has(next)) {
        visit(next);
        low.set(path, Math.min(low.get(path) ?? 0, low.get(next) ?? 0));
      } else if (onStack.has(next)) {
        low.set(path, Math.min(low.get(path) ?? 0, index.get(next) ?? 0));
      }
    }
    if (low.get(path) !== index.get(path)) return;
    const group: string[] = [];
    for (;;) {
      const member = stack.pop();
      if (member === undefined) break;
      onStack.delete(member);
      group.push(member);
      if (member === path) break;
    }
    const self = byPath.get(path)?.values.includes(path);
    if (group.length > 1 || self) cycles.push(group.sort());
  }

  for (const file of files) if (!index.has(file.path)) visit(file.path);
  return cycles;
}

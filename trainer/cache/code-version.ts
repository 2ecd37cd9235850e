import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Where the names of `imports` in package.json begin. */
const aliases: readonly (readonly [string, string])[] = [
  ['#core/', 'src/core/'],
  ['#disk/', 'src/disk/'],
  ['#access/', 'src/access/'],
  ['#trainer/', 'trainer/'],
];

const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
/** Imports of values; types come to nothing. */
const imports =
  /(?:^|[;\n])\s*(?:import|export)\s+(?!type\b)(?:[\w*\s{},$]*?\bfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)|new URL\(\s*['"](\.[^'"\n]+)['"]\s*,\s*import\.meta\.url/g;

/**
 * The version of the code that begins in these files: sha256 in hex of their text and of all that they import, directly or
 * through others, of the versions of packages among them, and of Node, whose functions a result may hang on. Nobody has to
 * remember to raise a number.
 *
 * @param entries paths relative to the project, e.g. `trainer/data/load.ts`
 */
export function codeVersion(entries: readonly string[], root: string = project): string {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const queue = entries.map((entry) => resolve(root, entry));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (files.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    files.set(path, text);
    if (path.endsWith('.json')) continue;
    for (const match of text.replace(comments, '').matchAll(imports)) {
      const specifier = match[1] ?? match[2] ?? match[3];
      const target = resolveImport(path, specifier, root);
      if (target === null) packages.add(specifier);
      // A link in a text, a folder, or a file that a build would make: what is not there is no code.
      else if (statSync(target, { throwIfNoEntry: false })?.isFile()) queue.push(target);
    }
  }
  const hash = createHash('sha256');
  hash.update(`node ${process.version} ${process.arch}\n`);
  for (const name of [...packages].sort()) hash.update(`${name} ${packageVersion(name, root)}\n`);
  for (const path of [...files.keys()].sort()) {
    hash.update(`${relative(root, path).split(sep).join('/')}\n${files.get(path) ?? ''}\n`);
  }
  return hash.digest('hex');
}

function resolveImport(from: string, specifier: string, root: string): string | null {
  for (const [alias, folder] of aliases) {
    if (specifier.startsWith(alias)) return join(root, folder, specifier.slice(alias.length));
  }
  return specifier.startsWith('.') ? join(dirname(from), specifier) : null;
}

/** Of Node's own modules nothing: they are of its version. */
function packageVersion(specifier: string, root: string): string {
  if (specifier.startsWith('node:')) return '';
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  const path = join(root, 'node_modules', ...name, 'package.json');
  return existsSync(path) ? String((JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }).version) : '';
}

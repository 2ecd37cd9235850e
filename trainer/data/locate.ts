import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { dataEndings } from '#core/table/data-endings.ts';
import { didYouMean } from '#core/config/suggestion.ts';
import { AppError, type ErrorCode } from '#core/error.ts';
import { foreignByName } from '#core/table/foreign-format.ts';
import { nearFiles } from './near-files.ts';

export interface Roots {
  /** Folders that data may come from, in the order in which relative paths are tried. */
  readonly roots: readonly string[];
}

const maxFiles = 1000;

/** Whether a file name ends as a data file does. */
export function isDataFile(name: string): boolean {
  return new RegExp(`\\.(?:${dataEndings.join('|')})(?:\\.gz)?$`, 'i').test(name);
}

/**
 * Finds the files that `source` names: a path relative to one of the roots (the first that has it), an absolute path
 * inside one, or a pattern with `*` and `?` within path segments. Answers real paths, sorted; every one is a regular
 * file inside a root after all links are followed.
 *
 * Messages repeat what the user typed and never say what lies outside the roots, not even whether it exists.
 *
 * @throws AppError data_forbidden (a URL, `..`, NUL, outside the roots, a link that leads out), data_not_found,
 *   data_unreadable (no data file by its ending, which is named where it is known, or too many files)
 */
export async function locateSource(source: string, { roots }: Roots): Promise<string[]> {
  const typed = source.trim();
  checkText(typed);
  const realRoots = await resolveRoots(roots);
  const candidates = isAbsolute(typed)
    ? realRoots.flatMap((root) => relativeTo(root, typed) ?? [])
    : realRoots.map(({ real }) => ({
        root: real,
        rest: typed.split('/').filter((part) => part !== '' && part !== '.'),
      }));
  if (isAbsolute(typed) && candidates.length === 0) throw forbidden(typed, 'lies outside the data folders');

  for (const { root, rest } of candidates) {
    const paths = await expand(root, rest);
    if (paths.length === 0) continue;
    const files: string[] = [];
    for (const path of paths) {
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) continue;
      if (!realRoots.some((folder) => isInside(folder.real, real)))
        throw forbidden(typed, 'leads out of the data folders');
      if ((await stat(real)).isFile()) files.push(real);
    }
    if (files.length === 0) continue;
    const odd = files.find((file) => !isDataFile(file));
    if (odd !== undefined) {
      const foreign = foreignByName(odd);
      if (foreign) {
        const message = `is ${foreign.name}, which is not read`;
        throw failure('data_unreadable', `Cannot read ${quote(typed)}: it ${message}. ${foreign.advice}`, message);
      }
      const message = `expected a file ending in ${dataEndings.map((end) => `.${end}`).join(', ')}, or one of these with .gz`;
      throw failure('data_unreadable', `Cannot read ${quote(typed)}: ${message}.`, message);
    }
    return [...new Set(files)].sort();
  }
  const near = didYouMean(
    await nearFiles(
      realRoots.map(({ real }) => real),
      typed,
    ),
  );
  throw failure(
    'data_not_found',
    `Found no file ${quote(typed)} in the data folders.${near} Expected a path relative to the notebook’s folder or to one of ` +
      'ALMANAC_DATA_DIRS; check the spelling, or put the file there.',
    `no such file in the data folders${near && `.${near}`}`,
  );
}

/** Whether `path` is `root` itself or lies below it; both must be real, absolute paths. */
function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The real paths of those roots that exist. */
export async function realRoots(roots: readonly string[]): Promise<string[]> {
  return (await resolveRoots(roots)).map(({ real }) => real);
}

interface Root {
  readonly typed: string;
  readonly real: string;
}

async function resolveRoots(roots: readonly string[]): Promise<Root[]> {
  const found: Root[] = [];
  for (const root of roots) {
    const real = await realpath(root).catch(() => undefined);
    if (real !== undefined) found.push({ typed: resolve(root), real });
  }
  return found;
}

function checkText(typed: string): void {
  if (typed === '' || typed.length > 1024) {
    throw failure('data_not_found', 'data.source: expected a path of 1 to 1024 characters.', 'expected a path');
  }
  if (typed.includes('\0')) throw forbidden(typed, 'contains a NUL character');
  if (/^[a-z][a-z0-9+.-]+:/i.test(typed)) throw forbidden(typed, 'is a URL; only files and sample:// are read');
  if (typed.split(/[/\\]/).includes('..')) throw forbidden(typed, 'contains “..”');
}

/** An absolute path as the segments below a root, tried against the root as given and as it really is. */
function relativeTo({ typed, real }: Root, path: string): { root: string; rest: string[] } | undefined {
  const clean = resolve(path);
  const base = [typed, real].find((folder) => isInside(folder, clean));
  if (base === undefined) return undefined;
  return { root: real, rest: clean.slice(base.length).split(sep).filter(Boolean) };
}

/** Paths below `root` that match the segments: those that exist literally, else as a pattern; hidden ones only by name. */
async function expand(root: string, segments: readonly string[]): Promise<string[]> {
  let paths = [root];
  for (const segment of segments) {
    const next: string[] = [];
    for (const path of paths) {
      const literal = join(path, segment);
      if (await exists(literal)) next.push(literal);
      else if (/[*?]/.test(segment)) {
        const names = await readdir(path).catch(() => []);
        for (const name of names.sort()) {
          if ((!name.startsWith('.') || segment.startsWith('.')) && matches(segment, name)) next.push(join(path, name));
        }
      }
      if (next.length > maxFiles) {
        throw failure(
          'data_unreadable',
          `The pattern matches more than ${maxFiles} files. Name fewer.`,
          'too many files',
        );
      }
    }
    paths = next;
  }
  return paths;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** `*` and `?` matching in time proportional to pattern × name, without a regular expression to blow up. */
function matches(pattern: string, name: string): boolean {
  let [p, n, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, n, p + 1];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) [p, n] = [p + 1, n + 1];
    else if (star >= 0) [p, mark, n] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function forbidden(typed: string, why: string): AppError {
  return failure(
    'data_forbidden',
    `The data source ${quote(typed)} ${why}. Expected a file in the notebook’s folder or in one of ALMANAC_DATA_DIRS.`,
    why,
  );
}

function failure(code: ErrorCode, message: string, issue: string): AppError {
  return new AppError(code, message, { issues: [{ path: 'data.source', message: issue }] });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

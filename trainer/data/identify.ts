import { createHash } from 'node:crypto';
import { basename, sep } from 'node:path';
import { formatSampleSource, isSampleSource, parseSampleSource } from '#core/bars/sample-market.ts';
import { chooseFiles } from '#core/quotes/file-instrument.ts';
import { locateSource, type Roots } from './locate.ts';
import { defaultLimits, hashSource, openSource, type ReadLimits, type SourceFile } from './source-file.ts';

/** What the bars of a source are read from. */
export interface SourceIdentity {
  /**
   * sha256 in hex: of the file's bytes as they lie on disk; of several files, of the lines `<sha256>  <name>\n`; of a
   * sample, of its full source text.
   */
  readonly fingerprint: string;
  /** The files that are read, sorted by path; none of a sample. */
  readonly files: readonly IdentifiedFile[];
  /** Files of the source that are named after other instruments. */
  readonly left: number;
}

interface IdentifiedFile {
  readonly path: string;
  readonly name: string;
  readonly hash: string;
  /** Inode, size and times when it was hashed. */
  readonly state: string;
}

/** The parts of data: that say which files are read. */
interface SourceConfig {
  readonly source: string;
  readonly symbol: string | null;
}

/**
 * Finds the files of a source and hashes their bytes: all that decides, with the settings, which bars come of it. The bytes are
 * hashed anew each time, at more than a gigabyte a second: a time stamp can be set back, and some file systems keep none.
 * @throws AppError data_forbidden, data_not_found, data_unreadable, data_empty, invalid_config
 */
export async function identifySource(
  { source, symbol }: SourceConfig,
  { roots, limits = defaultLimits }: Roots & { readonly limits?: ReadLimits },
): Promise<SourceIdentity> {
  if (isSampleSource(source)) {
    return { fingerprint: sha256(formatSampleSource(parseSampleSource(source))), files: [], left: 0 };
  }
  const located = await locateSource(source, { roots });
  const paths = chooseFiles(withoutFolder(located), symbol).map((index) => located[index]);
  const files: IdentifiedFile[] = [];
  for (const path of paths) {
    const file = await openSource(path, limits);
    try {
      files.push({ path, name: basename(path), hash: await hashSource(file), state: await stateOf(file) });
    } finally {
      await file.handle.close();
    }
  }
  return { fingerprint: fingerprintOf(files), files, left: located.length - paths.length };
}

/** The hash of an open file: the one known of it, unless it has been changed since. */
export async function hashOf(file: SourceFile, { hash, state }: IdentifiedFile): Promise<string> {
  return (await stateOf(file)) === state ? hash : hashSource(file);
}

/** The fingerprint of several files together, or of one. */
export function fingerprintOf(files: readonly Pick<IdentifiedFile, 'name' | 'hash'>[]): string {
  return files.length === 1 ? files[0].hash : sha256(files.map(({ hash, name }) => `${hash}  ${name}\n`).join(''));
}

/** Paths without the folders that all of them share. */
export function withoutFolder(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split(sep));
  let shared = 0;
  while (split.every((path) => path.length > shared + 1 && path[shared] === split[0][shared])) shared++;
  return split.map((path) => path.slice(shared).join('/'));
}

async function stateOf({ handle }: SourceFile): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

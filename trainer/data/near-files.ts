import { dataEndings } from '#core/table/data-endings.ts';
import { nearest } from '#core/config/suggestion.ts';
import { listFiles } from './list-files.ts';

const ending = new RegExp(`\\.(?:${dataEndings.join('|')})(?:\\.gz)?$`, 'i');

/** Data files below the roots that a path to no file was probably meant to name: by their name without its ending, three at most. */
export async function nearFiles(roots: readonly string[], typed: string): Promise<readonly string[]> {
  if (/[*?]/.test(typed)) return [];
  const byStem = new Map<string, string[]>();
  for (const name of (await listFiles(roots, (file) => ending.test(file))).keys()) {
    const stem = stemOf(name);
    byStem.set(stem, [...(byStem.get(stem) ?? []), name]);
  }
  const stems = nearest(stemOf(typed), [...byStem.keys()], 3);
  return stems.flatMap((stem) => byStem.get(stem) ?? []).slice(0, 3);
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(ending, '');
}

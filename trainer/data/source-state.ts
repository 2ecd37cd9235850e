import { stat } from 'node:fs/promises';
import { isSampleSource } from '#core/bars/sample-market.ts';
import { locateSource, type Roots } from './locate.ts';

/** Ms in which a file system may give two changes of a file the same time. */
const sameTime = 2000;

/**
 * The files of a data source as they are: equal only where none was changed, replaced, added or taken away (path, inode, size
 * and times). null where that cannot be told: files that are not there, or that were changed a moment ago.
 */
export async function stateOfSource(source: string, roots: Roots, now: number = Date.now()): Promise<string | null> {
  if (isSampleSource(source)) return 'sample';
  try {
    const states: string[] = [];
    for (const path of await locateSource(source, roots)) {
      const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      if (Number(ctimeNs / 1_000_000n) > now - sameTime) return null;
      states.push([path, ino, size, mtimeNs, ctimeNs].join(' '));
    }
    return states.join('\n');
  } catch {
    // Why it cannot be read is said by who reads it.
    return null;
  }
}

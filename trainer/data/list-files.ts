import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const maxFiles = 2000;
/** Folders below a root that are looked into. */
const maxDepth = 4;

/**
 * Files below these folders whose name `isWanted`: the path from its folder, with /, → the absolute path. The first of two
 * equal paths counts. Hidden ones and links are left out, so that nothing outside is named.
 */
export async function listFiles(
  roots: readonly string[],
  isWanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const root of roots) {
    const queue: { readonly folder: string; readonly parts: readonly string[] }[] = [{ folder: root, parts: [] }];
    for (let next = queue.shift(); next !== undefined && found.size < maxFiles; next = queue.shift()) {
      const { folder, parts } = next;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (entry.name.startsWith('.')) continue;
        const path = join(folder, entry.name);
        const below = [...parts, entry.name];
        if (entry.isDirectory() && below.length <= maxDepth) queue.push({ folder: path, parts: below });
        const name = below.join('/');
        if (entry.isFile() && isWanted(entry.name) && !found.has(name)) found.set(name, path);
      }
    }
  }
  return found;
}

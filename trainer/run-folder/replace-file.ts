import { open, rename, rm } from 'node:fs/promises';

/**
 * Replaces a file of the run folder as a whole: readers see the old one or the new one. `chunks` are written in turn,
 * so a large table needs no large string.
 */
export async function replaceFile(path: string, chunks: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    const file = await open(draft, 'w', 0o644);
    try {
      for await (const chunk of chunks) await file.write(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** Replaces a JSON file of the run folder. */
export function replaceJson(path: string, value: unknown): Promise<void> {
  return replaceFile(path, [`${JSON.stringify(value, null, 2)}\n`]);
}

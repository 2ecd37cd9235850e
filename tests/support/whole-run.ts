import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeRunFolder, resultDigests } from './run-folder.ts';
import { startTrainer } from './trainer-process.ts';

/** What a run of these overrides ends with that nobody touches: trained when a test first asks, once a file. */
export function wholeRun(overrides: readonly string[]): () => Promise<Record<string, string>> {
  let wanted: Record<string, string> | null = null;
  return async () => {
    if (wanted !== null) return wanted;
    const home = mkdtempSync(join(tmpdir(), 'almanac-'));
    try {
      const folder = makeRunFolder(home, 'whole', overrides);
      expect(await startTrainer(folder, 1).exit).toEqual({ code: 0, signal: null });
      return (wanted = resultDigests(folder));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Real bars lie beside the checkout, never in it; tests that need them say so when the folder is not there. */
export const hasSharedData = existsSync(folder);

/** Absolute path of a file of real data, or null where it is absent. */
export function sharedData(name: string): string | null {
  const path = `${folder}${name}`;
  return existsSync(path) ? path : null;
}

/** The folder itself, for ALMANAC_DATA_DIRS. */
export const sharedDataFolder = folder;

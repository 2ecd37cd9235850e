import { isMap } from '#core/config/document.ts';

/** What of localStorage is used; a test gives its own. */
export type BrowserStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What this browser keeps for us; null where it keeps nothing, as on the server or where it is forbidden. */
export function findStorage(): Storage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}

/** The object that was kept under a key; one without keys where there is none or it cannot be read. */
export function readKept(storage: BrowserStorage | null, key: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

/** Keeps an object under a key, for the next visit. A full or forbidden storage only means that none is kept. */
export function keep(storage: BrowserStorage | null, key: string, value: Readonly<Record<string, unknown>>): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // nothing to do: see above
  }
}

/** What of localStorage is used; a test gives its own. */
type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Draft {
  readonly text: string;
  /** Tag of the file the draft was made from; for a run, whose notebook never changes, the checkpoint to start from. */
  readonly etag: string;
}

/** Keeps unsaved text in this browser under a key of its own, against crashes and lost connections. */
export class DraftStore {
  readonly #key: string;
  readonly #storage: DraftStorage | null;

  constructor(name: string, storage: DraftStorage | null = findStorage()) {
    this.#key = `almanac:draft:${name}`;
    this.#storage = storage;
  }

  read(): Draft | null {
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? 'null');
      if (typeof value !== 'object' || value === null || !('text' in value) || !('etag' in value)) return null;
      const { text, etag } = value;
      return typeof text === 'string' && typeof etag === 'string' ? { text, etag } : null;
    } catch {
      return null;
    }
  }

  /** A full or forbidden storage only means that there is no second net; saving itself goes on. */
  write(draft: Draft): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(draft));
    } catch {
      // nothing to do: see above
    }
  }

  clear(): void {
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // nothing to do: see above
    }
  }
}

function findStorage(): DraftStorage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}

import { type BrowserStorage, findStorage, keep, readKept } from '#lib/ui/browser-storage.ts';

type DraftStorage = BrowserStorage & Pick<Storage, 'removeItem'>;

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
    const { text, etag } = readKept(this.#storage, this.#key);
    return typeof text === 'string' && typeof etag === 'string' ? { text, etag } : null;
  }

  /** Where nothing can be kept there is no second net; saving itself goes on. */
  write(draft: Draft): void {
    keep(this.#storage, this.#key, { ...draft });
  }

  clear(): void {
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // A forbidden storage holds no draft either.
    }
  }
}

import { goneTag } from '#lib/api/gone-tag.ts';
import { createNotebook, readNotebook, type SavedNotebook, saveNotebook } from '#lib/api/notebooks.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';
import type { DraftStore } from './draft-store.ts';
import type { NotebookDoc } from './notebook-doc.svelte.ts';

/**
 * What a look at the file found: `same` text, or none that could be had; `taken`: another text, which the page shows now;
 * `conflict`: another text while the page has changes of its own.
 */
type Look = 'same' | 'taken' | 'conflict';

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'failed';

const autosaveAfter = 900;
const retryAfter = 5000;

/**
 * Keeps a notebook's file equal to what is on the page. A pause in typing saves; a save carries the tag of the file it
 * was made from, so that a change made elsewhere is never overwritten unseen: then both versions are kept and the
 * person chooses. Until the server has confirmed a text, it is in this browser's storage too.
 */
export class NotebookSaver {
  readonly slug: string;
  readonly #doc: NotebookDoc;
  readonly #fetch: Fetch;
  readonly #drafts: DraftStore;
  #etag: string;
  #savedText: string;
  #state = $state<SaveState>('saved');
  #message = $state<string | null>(null);
  #theirs = $state.raw<SavedNotebook | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(
    slug: string,
    saved: SavedNotebook,
    doc: NotebookDoc,
    drafts: DraftStore,
    fetcher: Fetch = (input, init) => fetch(input, init),
  ) {
    this.slug = slug;
    this.#doc = doc;
    this.#etag = saved.etag;
    this.#savedText = saved.text;
    this.#drafts = drafts;
    this.#fetch = fetcher;
    doc.onchange = () => this.#changed();
  }

  get state(): SaveState {
    return this.#state;
  }
  /** Why the last save failed. */
  get message(): string | null {
    return this.#message;
  }
  /** What is on disk while there is a conflict; null where the file is gone. */
  get theirs(): SavedNotebook | null {
    return this.#theirs;
  }

  /**
   * Takes up what an earlier visit left unsaved. Returns true where text was restored; a draft of an older file than
   * the one on disk becomes a conflict instead.
   */
  restore(): boolean {
    const draft = this.#drafts.read();
    if (!draft || draft.text === this.#savedText) {
      this.#drafts.clear();
      return false;
    }
    if (draft.etag === this.#etag) {
      this.#doc.setText(draft.text);
      return true;
    }
    const theirs = { text: this.#savedText, etag: this.#etag };
    this.#etag = draft.etag;
    this.#doc.setText(draft.text);
    clearTimeout(this.#timer);
    this.#conflict(theirs);
    return true;
  }

  /** Saves now what is not saved yet; resolves when it is on disk, in conflict or has failed. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#state === 'conflict') return;
    while (this.#running) await this.#running;
    if (this.#doc.text === this.#savedText) {
      this.#settle();
      return;
    }
    this.#running = this.#send().finally(() => (this.#running = null));
    await this.#running;
  }

  /**
   * Looks whether the file was changed by somebody else, in an editor or by git. A page without changes of its own takes
   * the new text, one undo away from the old; else both are kept and the person chooses. @throws ApiError where the file
   * cannot be used any more; not where nobody answers, which the next save says.
   */
  async look(): Promise<Look> {
    while (this.#running) await this.#running;
    if (this.#state === 'conflict') return 'conflict';
    const before = this.#etag;
    const found = await this.#read();
    // Saved or chosen meanwhile: what was read may be older than that.
    if (found === undefined || this.#running || before !== this.#etag || found?.etag === before) return 'same';
    if (found !== null && (this.#doc.text === this.#savedText || this.#doc.text === found.text)) {
      const isNew = this.#doc.text !== found.text;
      this.#etag = found.etag;
      this.#savedText = found.text;
      this.#doc.setText(found.text);
      clearTimeout(this.#timer);
      this.#settle();
      return isNew ? 'taken' : 'same';
    }
    clearTimeout(this.#timer);
    this.#conflict(found);
    return 'conflict';
  }

  /** The file as it is; null where it is gone, undefined where nobody says. */
  async #read(): Promise<SavedNotebook | null | undefined> {
    try {
      return await readNotebook(this.#fetch, this.slug);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'notebook_not_found') return null;
      if (error.status === 0 || error.status >= 500) return undefined;
      throw error;
    }
  }

  /** Ends a conflict: this page's text replaces the file (which stays one undo away), or the file's text the page's. */
  async resolve(choice: 'mine' | 'theirs'): Promise<void> {
    const theirs = this.#theirs;
    if (this.#state !== 'conflict') return;
    this.#etag = theirs?.etag ?? goneTag;
    this.#savedText = theirs?.text ?? '';
    this.#theirs = null;
    this.#state = 'unsaved';
    if (choice === 'theirs' && theirs) this.#doc.setText(theirs.text);
    await this.save();
  }

  /**
   * Ends a conflict and loses neither text: this page's becomes a notebook of its own, and this page shows the file.
   * Returns the name of the new notebook. @throws ApiError where it cannot be made; the conflict stays.
   */
  async keepBoth(): Promise<string> {
    const title = `${this.#doc.title || this.slug} (mine)`;
    const { slug } = await createNotebook(this.#fetch, title, this.#doc.text);
    await this.resolve('theirs');
    return slug;
  }

  /** Stops the timer; what is unsaved stays in the browser's storage. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#doc.onchange = null;
  }

  #changed(): void {
    this.#drafts.write({ text: this.#doc.text, etag: this.#etag });
    if (this.#state === 'conflict') return;
    if (this.#state !== 'saving') this.#state = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), autosaveAfter);
  }

  async #send(): Promise<void> {
    const { text } = this.#doc;
    this.#state = 'saving';
    try {
      const outcome = await saveNotebook(this.#fetch, this.slug, text, this.#etag);
      if (outcome.kind === 'conflict') return this.#conflict(outcome.current);
      this.#etag = outcome.etag;
      this.#savedText = text;
      this.#settle();
    } catch (error) {
      this.#state = 'failed';
      this.#message = error instanceof Error ? error.message : String(error);
      this.#timer = setTimeout(() => void this.save(), retryAfter);
    }
  }

  #settle(): void {
    this.#message = null;
    if (this.#doc.text === this.#savedText) {
      this.#state = 'saved';
      this.#drafts.clear();
    } else {
      this.#state = 'unsaved';
      this.#drafts.write({ text: this.#doc.text, etag: this.#etag });
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.save(), autosaveAfter);
    }
  }

  #conflict(theirs: SavedNotebook | null): void {
    this.#state = 'conflict';
    this.#theirs = theirs;
  }
}

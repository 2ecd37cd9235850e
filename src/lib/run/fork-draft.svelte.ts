import type { Group } from '#core/config/config.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { valueAt } from '#core/config/document.ts';
import { findCell } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import type { RunDetail } from '#core/run/summary.ts';
import type { ForkRunRequest } from '#core/api/run-requests.ts';
import type { DraftStore } from '#lib/document/draft-store.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

/**
 * A run's notebook, open to change: the run itself never changes, so the first edit makes a draft of a child. The draft
 * is kept in this browser until it is run or thrown away.
 */
export class ForkDraft {
  readonly doc: NotebookDoc;
  readonly #run: RunDetail;
  readonly #drafts: DraftStore;
  #from = $state<string | null>(null);

  constructor(run: RunDetail, drafts: DraftStore) {
    this.#run = run;
    this.#drafts = drafts;
    this.doc = new NotebookDoc(run.source, run.overrides);
    this.doc.onchange = () => this.#keep();
  }

  /** Whether anything differs from the run: prose and comments too, or where its weights begin. */
  get isOpen(): boolean {
    return this.isEdited || this.#from !== null;
  }
  get isEdited(): boolean {
    return this.doc.text !== this.#run.source;
  }
  /** Checkpoint of the run whose weights the child begins with; null: random ones, as the run itself did. */
  get from(): string | null {
    return this.#from;
  }
  startFrom(checkpoint: string | null): void {
    this.#from = checkpoint;
    this.#keep();
  }

  #keep(): void {
    if (this.isOpen) this.#drafts.write({ text: this.doc.text, etag: this.#from ?? '' });
    else this.#drafts.clear();
  }

  /** Configuration keys that differ: key → [the run's, the draft's]. */
  readonly changed: ConfigDiff = $derived.by(() => (this.isOpen ? this.doc.changesFrom(this.#run.config) : {}));

  changedIn(group: Group): readonly string[] {
    return Object.keys(this.changed).filter((key) => key === group || key.startsWith(`${group}.`));
  }

  /** Takes up the draft of an earlier visit; true where there was one. */
  restore(): boolean {
    const draft = this.#drafts.read();
    if (!draft || (draft.text === this.#run.source && draft.etag === '')) return false;
    this.#from = draft.etag || null;
    this.doc.setText(draft.text);
    return true;
  }

  /** Gives one key back the value it had in the run. */
  undoKey(key: string): void {
    const [group, ...path] = key.split('.');
    const cell = findCell(parseNotebook(this.#run.source), group as Group);
    this.doc.assign([group, ...path], valueAt(cell?.value, path));
  }

  /** Back to the run as it is; undo brings the text of the draft back. */
  discard(): void {
    this.#from = null;
    this.#keep();
    this.doc.setText(this.#run.source);
  }

  /** What makes the child; without a draft the same run again. The server keeps the overrides that still hold. */
  request(): ForkRunRequest {
    return {
      ...(this.isEdited ? { source: this.doc.text } : {}),
      ...(this.#from === null ? {} : { from: { checkpoint: this.#from } }),
    };
  }

  clear(): void {
    this.#drafts.clear();
  }
}

import type { Config, Group } from '#core/config/config.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { valueAt } from '#core/config/document.ts';
import { findCell } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import type { RunDetail } from '#core/run/summary.ts';
import type { RunRequest } from '#lib/api/runs.ts';
import type { DraftStore } from '#lib/notebook/draft-store.ts';
import { NotebookDoc } from '#lib/notebook/notebook-doc.svelte.ts';

/**
 * A run's notebook, open to change: the run itself never changes, so the first edit makes a draft of a child. The draft
 * is kept in this browser until it is run or thrown away.
 */
export class ForkDraft {
  readonly doc: NotebookDoc;
  readonly #run: RunDetail;
  readonly #drafts: DraftStore;

  constructor(run: RunDetail, drafts: DraftStore) {
    this.#run = run;
    this.#drafts = drafts;
    this.doc = new NotebookDoc(run.source, run.overrides);
    this.doc.onchange = (text) => {
      if (text === run.source) drafts.clear();
      else drafts.write({ text, etag: '' });
    };
  }

  /** Whether anything differs from the run, prose and comments too. */
  get isOpen(): boolean {
    return this.doc.text !== this.#run.source;
  }
  /** Configuration keys that differ: key → [the run's, the draft's]. */
  readonly changed: ConfigDiff = $derived.by(() =>
    this.isOpen ? this.doc.changesFrom(this.#run.config as Config) : {},
  );

  changedIn(group: Group): readonly string[] {
    return Object.keys(this.changed).filter((key) => key === group || key.startsWith(`${group}.`));
  }

  /** Takes up the draft of an earlier visit; true where there was one. */
  restore(): boolean {
    const draft = this.#drafts.read();
    if (!draft || draft.text === this.#run.source) return false;
    this.doc.setText(draft.text);
    return true;
  }

  /** Gives one key back the value it had in the run. */
  undoKey(key: string): void {
    const [group, ...path] = key.split('.');
    const cell = findCell(parseNotebook(this.#run.source), group as Group);
    this.doc.assign([group, ...path], valueAt(cell?.value, path));
  }

  /** Back to the run as it is; undo brings the draft back. */
  discard(): void {
    this.doc.setText(this.#run.source);
  }

  /** The child that Run makes. */
  request(): RunRequest {
    return {
      parent: this.#run.id,
      source: this.doc.text,
      ...(this.#run.notebook ? { notebook: this.#run.notebook } : {}),
      ...(this.doc.overrides.length > 0 ? { overrides: this.doc.overrides } : {}),
    };
  }

  clear(): void {
    this.#drafts.clear();
  }
}

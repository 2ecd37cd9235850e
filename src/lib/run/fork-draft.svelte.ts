import type { Group } from '#core/config/config.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { valueAt } from '#core/config/document.ts';
import { forkDraftSchema, type KeptFork } from '#core/notebook/fork-draft.ts';
import { findCell } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import type { RunDetail } from '#core/run/summary.ts';
import type { ForkRunRequest } from '#core/api/run-requests.ts';
import type { KeptText, SavedNotebook } from '#lib/api/notebooks.ts';
import type { DraftStore } from '#lib/document/draft-store.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';
import { NotebookSaver, type SavedText } from '#lib/document/notebook-saver.svelte.ts';

interface Keeping {
  /** Where the draft is kept, and what was there when the page was opened. */
  readonly file: KeptText;
  readonly kept: SavedNotebook;
  /** What is not there yet, in this browser. */
  readonly drafts: DraftStore;
}

/**
 * A run's notebook, open to change: the run itself never changes, so the first edit makes a draft of a child. The draft
 * is kept with the home, so that it is the same in every browser, until it is run or thrown away; two browsers that
 * change it at once are told, and a person chooses.
 */
export class ForkDraft implements SavedText {
  readonly doc: NotebookDoc;
  readonly saver: NotebookSaver;
  readonly #run: RunDetail;
  #from = $state<string | null>(null);
  #readsToday = $state(false);
  #isRun = false;
  /** Hears of each change of the draft. */
  onchange: (() => void) | null = null;

  constructor(run: RunDetail, { file, kept, drafts }: Keeping) {
    this.#run = run;
    this.doc = new NotebookDoc(run.source, run.overrides);
    this.setText(kept.text);
    const saved = { text: kept.text === '' ? '' : this.text, etag: kept.etag };
    this.saver = new NotebookSaver(file, saved, this, drafts);
    this.doc.onchange = () => this.onchange?.();
  }

  /** The draft as what is kept of it: empty where nothing differs from the run, or the draft has been run. */
  get text(): string {
    if (!this.isOpen || this.#isRun) return '';
    const draft: KeptFork = { text: this.doc.text, from: this.#from, today: this.#readsToday };
    return JSON.stringify(draft);
  }

  /** Makes a kept text the draft. One that cannot be read, as of a newer version, is no draft here. */
  setText(text: string): void {
    const draft = readDraft(text);
    this.#from = draft?.from ?? null;
    this.#readsToday = draft?.today ?? false;
    this.doc.setText(draft?.text ?? this.#run.source);
    this.onchange?.();
  }

  /** Whether anything differs from the run: prose and comments too, where its weights begin, or whose bars it has. */
  get isOpen(): boolean {
    return this.isEdited || this.#from !== null || this.#readsToday;
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
    this.onchange?.();
  }

  /** Whether the child reads the file as it is today; else it has the bars of the run, where they are kept. */
  get readsToday(): boolean {
    return this.#readsToday;
  }
  readToday(today: boolean): void {
    this.#readsToday = today;
    this.onchange?.();
  }

  /** Configuration keys that differ: key → [the run's, the draft's]. */
  readonly changed: ConfigDiff = $derived.by(() => (this.isOpen ? this.doc.changesFrom(this.#run.config) : {}));

  changedIn(group: Group): readonly string[] {
    return Object.keys(this.changed).filter((key) => key === group || key.startsWith(`${group}.`));
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
    this.#readsToday = false;
    this.doc.setText(this.#run.source);
    this.onchange?.();
  }

  /** What makes the child; without a draft the same run again. The server keeps the overrides that still hold. */
  request(): ForkRunRequest {
    return {
      ...(this.isEdited ? { source: this.doc.text } : {}),
      ...(this.#from === null ? {} : { from: { checkpoint: this.#from } }),
      ...(this.#readsToday ? { bars: 'today' as const } : {}),
    };
  }

  /**
   * Takes up what an earlier visit of this browser has not got to the home; true where there was something. `old` is where
   * versions before kept drafts, in this browser alone.
   */
  restore(old: DraftStore): boolean {
    if (this.saver.restore()) return true;
    const draft = old.read();
    if (!draft) return false;
    old.clear();
    if (this.isOpen || (draft.text === this.#run.source && draft.etag === '')) return false;
    this.#from = draft.etag || null;
    this.doc.setText(draft.text);
    this.onchange?.();
    return true;
  }

  /** Takes away what is kept of the draft: it has been run. */
  async clear(): Promise<void> {
    this.#isRun = true;
    await this.saver.save();
  }
}

/** Null for what is no draft that this version reads. */
function readDraft(text: string): KeptFork | null {
  try {
    return forkDraftSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

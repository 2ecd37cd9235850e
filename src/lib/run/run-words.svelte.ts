import type { Concluded, Passage } from '#core/run/said.ts';
import { conclude } from '#lib/api/comparisons.ts';
import { addPassage, editPassage, labelRun, removePassage, type RunLabels } from '#lib/api/said.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { Gap } from '#lib/document/gap.ts';
import type { RunSession } from './run-session.svelte.ts';

/**
 * What people say of a run on its page: its conclusion, name and marks, and words in its text. The run itself, and its
 * folder, stay as they were.
 */
export class RunWords {
  readonly #session: RunSession;
  readonly #fetch: Fetch;
  /** Where a new passage is being written; undefined: nowhere. */
  writingAt = $state<Gap | undefined>(undefined);

  constructor(session: RunSession, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#session = session;
    this.#fetch = fetcher;
  }

  get #id(): string {
    return this.#session.detail.id;
  }

  /** What stands in the place of the run's own text of a gap. */
  replacement(gap: Gap): Passage | null {
    return this.#session.detail.prose.find(({ after, replaces }) => replaces && after === gap) ?? null;
  }
  /** What was added to a gap, oldest first. */
  added(gap: Gap): readonly Passage[] {
    return this.#session.detail.prose.filter(({ after, replaces }) => !replaces && after === gap);
  }

  /** Renames, tags, stars or archives the run. */
  async label(labels: RunLabels): Promise<void> {
    await labelRun(this.#fetch, this.#id, labels);
    await this.#session.refresh();
  }
  /** Says what was learned; refused where somebody else has said so since this page read it. */
  conclude(conclusion: string): Promise<void> {
    return this.label({ conclusion: conclusion.trim(), concludedAt: this.#session.detail.concludedAt });
  }

  /** Says what was learned from this run beside others; refused as conclude. */
  async concludeTogether({ runs, at }: Concluded, conclusion: string): Promise<void> {
    const ids = runs.map(({ id }) => id);
    await conclude(this.#fetch, ids, conclusion.trim(), at);
    await this.#session.refresh();
  }

  async add(gap: Gap, text: string): Promise<void> {
    this.writingAt = undefined;
    if (text.trim() !== '') this.#take(await addPassage(this.#fetch, this.#id, { after: gap, text: text.trim() }));
  }
  async edit(passage: Passage, text: string): Promise<void> {
    this.#take(await editPassage(this.#fetch, this.#id, passage, text.trim()));
  }
  /** Puts words in the place of the run's own text. */
  async replace(gap: Gap, text: string): Promise<void> {
    const before = this.replacement(gap);
    if (before) return this.edit(before, text);
    this.#take(await addPassage(this.#fetch, this.#id, { after: gap, replaces: true, text: text.trim() }));
  }
  /** Takes a passage away. @returns what puts it back. */
  async remove(passage: Passage): Promise<() => Promise<void>> {
    this.#take(await removePassage(this.#fetch, this.#id, passage.id));
    const { after, replaces, text } = passage;
    return async () => this.#take(await addPassage(this.#fetch, this.#id, { after, replaces, text }));
  }

  #take(prose: readonly Passage[]): void {
    this.#session.takeProse(prose);
  }
}

import type { TableRow } from '#core/api/run-table.ts';
import { filterOfWords } from '#core/query/filter-text.ts';
import type { Fetch } from './request.ts';
import { readTable } from './run-table.ts';

/** Ms after the last key until what was typed is looked for. */
const typingPause = 150;

/**
 * Runs that are looked for while somebody types, among all of the workspace: each word is a number (R12), or stands in a
 * name, a tag or another text of a run. Of several searches the newest counts; until it is answered the old runs stay.
 */
export class RunSearch {
  readonly #fetch: Fetch;
  readonly #most: number;
  #found = $state.raw<readonly TableRow[] | null>(null);
  #trouble = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #version = 0;

  /** @param most Runs that are shown, the newest. */
  constructor(most: number, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#most = most;
    this.#fetch = fetcher;
  }

  /** Newest first; null until something was found out. */
  get found(): readonly TableRow[] | null {
    return this.#found;
  }
  /** Why the last search has no answer; null where it has, or waits for it. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Looks for the words, once nothing more is typed; of none, for the newest runs, at once. */
  look(words: string): void {
    clearTimeout(this.#timer);
    const version = ++this.#version;
    const filter = filterOfWords(words);
    if (filter === '') void this.#read('', version);
    else this.#timer = setTimeout(() => void this.#read(filter, version), typingPause);
  }

  async #read(filter: string, version: number): Promise<void> {
    try {
      const request = { filter, sort: ['-run'], columns: ['run'], group: [], offset: 0, limit: this.#most };
      const { rows } = await readTable(this.#fetch, request);
      if (version !== this.#version) return;
      this.#found = rows;
      this.#trouble = null;
    } catch (error) {
      if (version === this.#version) this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }
}

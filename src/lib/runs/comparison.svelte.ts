import { SvelteSet } from 'svelte/reactivity';
import type { SharedScores } from '#core/api/shared-scores.ts';
import type { Fetch } from '#lib/api/request.ts';
import { readSharedScores } from '#lib/api/runs.ts';

/** The runs chosen in the table, and their scores on the rows that all of them predicted. The newest choice counts. */
export class Comparison {
  readonly #fetch: Fetch;
  readonly #chosen = new SvelteSet<string>();
  #scores = $state.raw<SharedScores | null>(null);
  #trouble = $state<string | null>(null);
  #asked = 0;
  #busy = $state(false);

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  get count(): number {
    return this.#chosen.size;
  }
  /** Of the choice as it is; null with fewer than two runs, while they are read, and where that failed. */
  get scores(): SharedScores | null {
    return this.#scores;
  }
  /** Why there are no scores, in words. */
  get trouble(): string | null {
    return this.#trouble;
  }
  get busy(): boolean {
    return this.#busy;
  }
  has(id: string): boolean {
    return this.#chosen.has(id);
  }

  /** Takes a run in or out, and reads the scores of those chosen then. */
  async toggle(id: string): Promise<void> {
    if (!this.#chosen.delete(id)) this.#chosen.add(id);
    await this.#read();
  }

  async clear(): Promise<void> {
    this.#chosen.clear();
    await this.#read();
  }

  async #read(): Promise<void> {
    const asked = ++this.#asked;
    this.#scores = null;
    this.#trouble = null;
    this.#busy = this.#chosen.size > 1;
    if (!this.#busy) return;
    try {
      const scores = await readSharedScores(this.#fetch, [...this.#chosen]);
      if (asked === this.#asked) this.#scores = scores;
    } catch (error) {
      if (asked === this.#asked) this.#trouble = error instanceof Error ? error.message : String(error);
    } finally {
      if (asked === this.#asked) this.#busy = false;
    }
  }
}

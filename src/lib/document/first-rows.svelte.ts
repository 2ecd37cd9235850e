import type { TablePreview } from '#core/quotes/table-preview.ts';
import type { DataConfig } from '#core/config/data.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { previewTable } from '#lib/api/data.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';

const settleAfter = 350;
const busyAfter = 1000;

/**
 * The first rows of a data source, for a person who says what its columns are. Reads only while somebody looks, and
 * follows the newest source. What its columns seem to be is judged by the mapping there was when it was read.
 */
export class FirstRows {
  readonly #fetch: Fetch;
  #table = $state.raw<TablePreview | null>(null);
  #trouble = $state<string | null>(null);
  #source = '';
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(fetcher: Fetch) {
    this.#fetch = fetcher;
  }

  get table(): TablePreview | null {
    return this.#table;
  }
  /** Why there are no rows to show. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Works towards the rows of this source once it has stood still for a moment. */
  follow(data: DataConfig): void {
    const { source, symbol } = data;
    const wanted = canonicalJson({ source, symbol });
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (source !== this.#source) this.#table = null;
    this.#source = source;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(data), settleAfter);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#wanted = '';
  }

  async #read(data: DataConfig): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const table = await previewTable(this.#fetch, data, abort.signal);
      if (abort.signal.aborted) return;
      this.#table = table;
      this.#trouble = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error instanceof ApiError && error.code === 'state_conflict') {
        // The sidecar reads as much as it can: ask again.
        if (data.source === this.#source) this.#timer = setTimeout(() => void this.#read(data), busyAfter);
        return;
      }
      this.#table = null;
      this.#trouble = error instanceof Error ? error.message : String(error);
      // Asked again when the rows are looked at again: the file may have come meanwhile.
      this.#wanted = '';
    }
  }
}

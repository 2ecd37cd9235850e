import type { BinContent, EmptiedBin } from '#core/api/run-answers.ts';
import type { Fetch } from '#lib/api/request.ts';
import { emptyBin, weighBin } from '#lib/api/runs.ts';

/** What lies in the bin of runs, as it was last asked; nothing until then, or where it cannot be told. */
export class RunBin {
  readonly #fetch: Fetch;
  #content = $state.raw<BinContent>({ runs: 0, bytes: 0 });
  #busy = $state(false);

  constructor(fetcher: Fetch) {
    this.#fetch = fetcher;
  }

  get content(): BinContent {
    return this.#content;
  }
  get isBusy(): boolean {
    return this.#busy;
  }

  async refresh(): Promise<void> {
    const content = await weighBin(this.#fetch).catch(() => null);
    if (content !== null) this.#content = content;
  }

  /** Removes all of it for good. @throws ApiError where that is refused. */
  async empty(): Promise<EmptiedBin> {
    this.#busy = true;
    try {
      return await emptyBin(this.#fetch);
    } finally {
      this.#busy = false;
      await this.refresh();
    }
  }
}

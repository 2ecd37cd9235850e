import { canonicalJson } from '#core/config/digest.ts';
import type { Config } from '#core/config/config.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import { checkLeaks } from '#lib/api/data.ts';
import type { Fetch } from '#lib/api/request.ts';

/** All that a search for leaks depends on. */
function subjectOf({ data, features, targets, model }: Config): string {
  return canonicalJson([data, features, targets, model.lookback]);
}

/** A search for leaks that a person starts: how far it is, and what it found of which configuration. */
export class LeakSearch {
  readonly #fetch: Fetch;
  #report = $state.raw<LeakReport | null>(null);
  #trouble = $state<string | null>(null);
  #share = $state<number | null>(null);
  #subject = $state('');
  #abort: AbortController | null = null;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  /** Share done while it searches, 0 while the data is read; null while it does not. */
  get share(): number | null {
    return this.#share;
  }
  get report(): LeakReport | null {
    return this.#report;
  }
  /** Why there is no report. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Whether what was found is of this configuration. */
  isOf(config: Config): boolean {
    return this.#subject === subjectOf(config);
  }

  async start(config: Config): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.#share = 0;
    this.#report = null;
    this.#trouble = null;
    this.#subject = subjectOf(config);
    try {
      const report = await checkLeaks(this.#fetch, config, abort.signal, (share) => {
        if (this.#abort === abort) this.#share = share;
      });
      if (this.#abort === abort) this.#report = report;
    } catch (error) {
      if (!abort.signal.aborted) this.#trouble = error instanceof Error ? error.message : String(error);
    } finally {
      if (this.#abort === abort) this.#share = null;
    }
  }

  /** Ends a search that is going on; what an earlier one found stays. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#share = null;
  }
}

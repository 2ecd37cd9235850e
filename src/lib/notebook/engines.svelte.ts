import { type Engine, listEngines } from '#lib/api/engines.ts';
import type { Fetch } from '#lib/api/request.ts';

/** The engines of this machine, asked for once a visit and shared by every page. */
class EngineList {
  #all = $state.raw<readonly Engine[] | null>(null);
  #trouble = $state<string | null>(null);
  #asking: Promise<void> | null = null;

  /** Null until the tests have answered. */
  get all(): readonly Engine[] | null {
    return this.#all;
  }
  get trouble(): string | null {
    return this.#trouble;
  }

  ask(fetcher: Fetch = (input, init) => fetch(input, init)): Promise<void> {
    this.#asking ??= this.#read(fetcher).finally(() => {
      if (this.#all === null) this.#asking = null;
    });
    return this.#asking;
  }

  async #read(fetcher: Fetch): Promise<void> {
    try {
      this.#all = await listEngines(fetcher);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }
}

/** One a tab: engines belong to the machine, not to a notebook. Only ever filled in the browser. */
export const engines = new EngineList();

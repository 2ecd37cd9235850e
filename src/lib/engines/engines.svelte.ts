import { untrack } from 'svelte';
import type { Architecture } from '#core/models/registry.ts';
import { findObstacle, rankEngines } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { listEngines } from '#lib/api/engines.ts';
import type { Fetch } from '#lib/api/request.ts';

/** Ms until measurements that were not there are asked for again: a run was at work, or an engine is being put right. */
const askAgainAfter = 10_000;

/** What is known of the engines of this machine, shared by every page. */
export class EngineList {
  #all = $state.raw<readonly EngineReport[] | null>(null);
  #trouble = $state<string | null>(null);
  /** Requests under way, by what they ask for. */
  readonly #asking: Record<string, Promise<void> | undefined> = {};
  #measuring = $state.raw<readonly Architecture[]>([]);
  readonly #fetch: Fetch;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  /** Null until the tests have answered. */
  get all(): readonly EngineReport[] | null {
    return this.#all;
  }
  get trouble(): string | null {
    return this.#trouble;
  }
  /** Whether the answer of how fast this architecture trains is still to come. */
  isMeasuring(model: Architecture): boolean {
    return this.#measuring.includes(model);
  }

  /**
   * Keeps the list up to date for one architecture until the function it returns is called: first what there is, then
   * its speeds, and again later where something is missing that may come.
   */
  follow(model: Architecture): () => void {
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      if (this.#all === null) await this.#ask();
      if (open) await this.#ask(model);
      if (open && !this.#isComplete(model)) timer = setTimeout(() => void read(), askAgainAfter);
    };
    // Whoever follows from an effect must not begin anew with each answer.
    untrack(() => void read());
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }

  #isComplete(model: Architecture): boolean {
    const reports = this.#all ?? [];
    return (
      rankEngines(reports, model).by === 'model' && reports.every((report) => findObstacle(report, model) === null)
    );
  }

  /** One request at a time for the same thing; never rejects. */
  #ask(model?: Architecture): Promise<void> {
    const key = model ?? '';
    return (this.#asking[key] ??= this.#read(model).finally(() => {
      this.#asking[key] = undefined;
    }));
  }

  async #read(model?: Architecture): Promise<void> {
    if (model !== undefined) this.#measuring = [...this.#measuring, model];
    try {
      this.#all = await listEngines(this.#fetch, model);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
    this.#measuring = this.#measuring.filter((one) => one !== model);
  }
}

/** One a tab: engines belong to the machine, not to a notebook. Only ever filled in the browser. */
export const engines = new EngineList();

import type { BinContent } from '#core/api/run-answers.ts';
import type { BinnedNotebook } from '#lib/api/entry.ts';
import { emptyNotebookBin, listBinnedNotebooks, restoreNotebook } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { emptyBin, readBin, restoreRun } from '#lib/api/runs.ts';

interface BinLists {
  readonly runs: BinContent['items'];
  readonly notebooks: readonly BinnedNotebook[];
  /** What could not be listed, in words. */
  readonly trouble: string | null;
}

/** What emptying did. */
interface Emptied {
  readonly runs: number;
  readonly notebooks: number;
  readonly bytes: number;
  /** Runs that stay, with the reason. */
  readonly kept: readonly { readonly id: string; readonly reason: string }[];
}

/** Reads what lies in both bins; where one cannot be read the other is still shown. */
export async function readBins(fetcher: Fetch): Promise<BinLists> {
  const [runs, notebooks] = await Promise.allSettled([readBin(fetcher), listBinnedNotebooks(fetcher)]);
  const failed = [runs, notebooks].find((one) => one.status === 'rejected');
  return {
    runs: runs.status === 'fulfilled' ? runs.value.items : [],
    notebooks: notebooks.status === 'fulfilled' ? notebooks.value : [],
    trouble:
      failed === undefined ? null : failed.reason instanceof Error ? failed.reason.message : String(failed.reason),
  };
}

/** The bin of the workspace: deleted runs and notebooks, until somebody empties it. */
export class Bin {
  readonly #fetch: Fetch;
  #lists = $state.raw<BinLists>({ runs: [], notebooks: [], trouble: null });
  #busy = $state(false);

  constructor(lists: BinLists, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#lists = lists;
    this.#fetch = fetcher;
  }

  get runs(): BinLists['runs'] {
    return this.#lists.runs;
  }
  get notebooks(): BinLists['notebooks'] {
    return this.#lists.notebooks;
  }
  get trouble(): string | null {
    return this.#lists.trouble;
  }
  get isBusy(): boolean {
    return this.#busy;
  }
  /** Runs, notebooks, and bytes of their files. */
  readonly weight = $derived.by(() => ({
    runs: this.runs.length,
    notebooks: this.notebooks.length,
    bytes: [...this.runs, ...this.notebooks].reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  get isEmpty(): boolean {
    return this.runs.length + this.notebooks.length === 0;
  }

  async refresh(): Promise<void> {
    const lists = await readBins(this.#fetch);
    // What is known stays while a server does not answer.
    this.#lists = lists.trouble === null ? lists : { ...this.#lists, trouble: lists.trouble };
  }

  restoreRun(id: string): Promise<void> {
    return this.#work(() => restoreRun(this.#fetch, id));
  }

  /** Gives the name it has from now on. */
  restoreNotebook(restore: string): Promise<string> {
    return this.#work(async () => (await restoreNotebook(this.#fetch, restore)).slug);
  }

  /** Removes all of it for good. @throws ApiError where that is refused; what went until then is gone. */
  empty(): Promise<Emptied> {
    return this.#work(async () => {
      const none = { runs: 0, bytes: 0, kept: [] };
      const runs = this.runs.length > 0 ? await emptyBin(this.#fetch) : none;
      const notebooks = this.notebooks.length > 0 ? await emptyNotebookBin(this.#fetch) : { notebooks: 0, bytes: 0 };
      return { ...runs, notebooks: notebooks.notebooks, bytes: runs.bytes + notebooks.bytes };
    });
  }

  async #work<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      await this.refresh();
    }
  }
}

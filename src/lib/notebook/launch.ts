import type { Fetch } from '#lib/api/request.ts';
import type { CreateRunRequest, ForkRunRequest } from '#core/api/run-requests.ts';
import { createRun, forkRun } from '#lib/api/runs.ts';

/** 128 random bits. Not randomUUID: a page that comes over plain http from another machine has none. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Starts runs, one at a time; pressing twice, or again after a lost answer, never makes two of the same. */
export class Launcher {
  readonly #fetch: Fetch;
  readonly #newKey: () => string;
  #last: { readonly body: string; readonly key: string } | null = null;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init), newKey: () => string = randomKey) {
    this.#fetch = fetcher;
    this.#newKey = newKey;
  }

  /** Creates the run and returns its id. */
  start(request: CreateRunRequest): Promise<string> {
    return this.#once(request, (key) => createRun(this.#fetch, request, key));
  }

  /** Creates a child of a run and returns its id. */
  fork(parent: string, request: ForkRunRequest): Promise<string> {
    return this.#once({ parent, ...request }, (key) => forkRun(this.#fetch, parent, request, key));
  }

  /** The same request gets the same key until it has succeeded. */
  async #once(request: object, send: (key: string) => Promise<{ readonly id: string }>): Promise<string> {
    const body = JSON.stringify(request);
    if (this.#last?.body !== body) this.#last = { body, key: this.#newKey() };
    const { id } = await send(this.#last.key);
    this.#last = null;
    return id;
  }
}

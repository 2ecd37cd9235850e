import { releaseProxy, type Remote, wrap } from 'comlink';
import type { Config } from '#core/config/config.ts';
import type { PreviewAnswer } from './preview.ts';
import type { PreviewApi } from './preview.worker.ts';

/** The one place that knows comlink and the worker's file. Owned by the page that makes it, which disposes it. */
export class PreviewClient {
  readonly #worker: Worker;
  readonly #remote: Remote<PreviewApi>;
  #asked = 0;

  constructor() {
    this.#worker = new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' });
    this.#remote = wrap<PreviewApi>(this.#worker);
  }

  /** The preview of the bars served at `url`, of `step` ms, or null when a newer one was asked for meanwhile. */
  async preview(url: string, step: number, config: Config): Promise<PreviewAnswer | null> {
    const mine = ++this.#asked;
    const answer = await this.#remote.preview(url, step, config);
    return mine === this.#asked ? answer : null;
  }

  dispose(): void {
    this.#remote[releaseProxy]();
    this.#worker.terminate();
  }
}

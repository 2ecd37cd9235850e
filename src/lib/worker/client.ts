import { releaseProxy, type Remote, wrap } from 'comlink';
import type { Remedy } from '#core/dataset/remedies.ts';
import type { Preview, PreviewCells } from './preview.ts';
import type { PreviewApi, ServedBars } from './preview.worker.ts';

/** The one place that knows comlink and the worker's file. Owned by the page that makes it, which disposes it. */
export class PreviewClient {
  readonly #worker: Worker;
  readonly #remote: Remote<PreviewApi>;
  #asked = 0;

  constructor() {
    this.#worker = new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' });
    this.#remote = wrap<PreviewApi>(this.#worker);
  }

  /** The preview of served bars, or null when a newer one was asked for meanwhile. */
  async preview(bars: ServedBars, cells: PreviewCells): Promise<Preview | null> {
    const mine = ++this.#asked;
    const answer = await this.#remote.preview(bars, cells);
    return mine === this.#asked ? answer : null;
  }

  /** What would keep more rows of those of the newest preview, or null when another was asked for meanwhile. */
  async remedies(bars: ServedBars, cells: PreviewCells): Promise<readonly Remedy[] | null> {
    const mine = this.#asked;
    const answer = await this.#remote.remedies(bars, cells);
    return mine === this.#asked ? answer : null;
  }

  dispose(): void {
    this.#remote[releaseProxy]();
    this.#worker.terminate();
  }
}

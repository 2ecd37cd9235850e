import { releaseProxy, type Remote, wrap } from 'comlink';
import type { Remedy } from '#core/dataset/remedies.ts';
import type { Glance } from './glance.ts';
import type { Preview, PreviewCells } from './preview.ts';
import type { PreviewApi, ServedBars } from './preview.worker.ts';

/** The one place that knows comlink and the worker's file. Owned by the page that makes it, which disposes it. */
export class PreviewClient {
  /** Two, so that what takes a moment never waits for what takes long. */
  readonly #quick = open();
  readonly #thorough = open();
  #glanced = 0;
  #asked = 0;

  /** The newest rows of served bars, or null when newer ones were asked for meanwhile. */
  async glance(bars: ServedBars, cells: PreviewCells): Promise<Glance | null> {
    const mine = ++this.#glanced;
    const answer = await this.#quick.remote.glance(bars, cells);
    return mine === this.#glanced ? answer : null;
  }

  /** The preview of served bars, or null when a newer one was asked for meanwhile. */
  async preview(bars: ServedBars, cells: PreviewCells): Promise<Preview | null> {
    const mine = ++this.#asked;
    const answer = await this.#thorough.remote.preview(bars, cells);
    return mine === this.#asked ? answer : null;
  }

  /** What would keep more rows of those of the newest preview, or null when another was asked for meanwhile. */
  async remedies(bars: ServedBars, cells: PreviewCells): Promise<readonly Remedy[] | null> {
    const mine = this.#asked;
    const answer = await this.#thorough.remote.remedies(bars, cells);
    return mine === this.#asked ? answer : null;
  }

  dispose(): void {
    for (const { worker, remote } of [this.#quick, this.#thorough]) {
      remote[releaseProxy]();
      worker.terminate();
    }
  }
}

function open(): { readonly worker: Worker; readonly remote: Remote<PreviewApi> } {
  const worker = new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' });
  return { worker, remote: wrap<PreviewApi>(worker) };
}

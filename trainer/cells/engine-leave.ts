import type { CellReply } from './cell-task.ts';

type Refused = Exclude<CellReply, { type: 'go' }>;

/** In the child: asks the parent for the engine, and hears when it must be given back. */
export class EngineLeave {
  #ended: Refused | null = null;

  /** What ended the leave; null while it lasts. */
  get ended(): Refused | null {
    return this.#ended;
  }

  /** Whether the engine may be opened now. */
  async ask(): Promise<CellReply> {
    const reply = new Promise<CellReply>((resolve) =>
      process.once('message', (message) => resolve(message as CellReply)),
    );
    // Only while there is something to wait for may the channel keep the process alive.
    process.channel?.ref();
    process.send?.({ type: 'measure' });
    const first = await reply;
    process.channel?.unref();
    if (first.type === 'go') process.once('message', (message) => (this.#ended = message as Refused));
    return first;
  }
}

import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import type { Channel } from './channel.ts';

/** One who follows a run; `close` must be called. */
export class Follower {
  readonly #channel: Channel;
  readonly #onClose: () => void;
  readonly #wake = () => {
    this.#news = true;
    this.#finishWait?.();
  };
  #open = true;
  #news = false;
  #restarts: number;
  #finishWait: (() => void) | null = null;

  constructor(channel: Channel, onClose: () => void) {
    this.#channel = channel;
    this.#onClose = onClose;
    this.#restarts = channel.restarts;
    channel.join(this.#wake);
  }

  /** Resolves when something was published since the last call, after `timeout` ms, or when `signal` aborts. */
  async wait(timeout: number, signal: AbortSignal): Promise<void> {
    if (!this.#news && !signal.aborted) await this.#waitForNews(timeout, signal);
    this.#news = false;
  }

  /** The events above `after` if all of them are in memory, else null: read the index then. */
  recent(after: number): readonly StoredEvent[] | null {
    return this.#channel.recent(after);
  }

  /** Whether the log was read from its beginning again since the last call. */
  takeRestart(): boolean {
    const before = this.#restarts;
    this.#restarts = this.#channel.restarts;
    return this.#restarts !== before;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#channel.leave(this.#wake);
    this.#onClose();
  }

  #waitForNews(timeout: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        this.#finishWait = null;
        done();
      };
      const timer = setTimeout(finish, timeout);
      signal.addEventListener('abort', finish, { once: true });
      this.#finishWait = finish;
    });
  }
}

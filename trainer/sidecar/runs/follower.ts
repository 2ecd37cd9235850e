import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import type { Channel } from './channel.ts';

interface FollowerOptions {
  /** Those of the runs followed, by run. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** Whether changes of the list of runs are followed too. */
  readonly list: boolean;
}

/** Ms in which a run's progress is told once: lists show it, and need not show every step. */
const progressEvery = 2000;

/** One who follows some runs, or their list, or both; `close` must be called. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #onClose: () => void;
  readonly #wakes: ReadonlyMap<string, () => void>;
  /** Runs that may have more than was read. */
  readonly #fresh: Set<string>;
  /** How often each run had been begun again when that was last asked. */
  readonly #restarts: Map<string, number>;
  readonly #changed = new Set<string>();
  readonly #progressed = new Set<string>();
  #progressTimer: ReturnType<typeof setTimeout> | null = null;
  #open = true;
  #finishWait: (() => void) | null = null;

  constructor(options: FollowerOptions, onClose: () => void) {
    const { channels } = options;
    this.#options = options;
    this.#onClose = onClose;
    this.#fresh = new Set(channels.keys());
    this.#restarts = new Map([...channels].map(([runId, { restarts }]) => [runId, restarts]));
    this.#wakes = new Map([...channels.keys()].map((runId) => [runId, () => this.leave(runId)]));
    for (const [runId, wake] of this.#wakes) channels.get(runId)?.join(wake);
  }

  /** Takes the runs that may have events which were not read yet: at first all, then those of which some were published. */
  takeFresh(): readonly string[] {
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    return fresh;
  }

  /** Takes the runs whose logs were read from their beginning again. */
  takeRestarted(): readonly string[] {
    const restarted: string[] = [];
    for (const [runId, { restarts }] of this.#options.channels) {
      if (restarts === this.#restarts.get(runId)) continue;
      this.#restarts.set(runId, restarts);
      restarted.push(runId);
    }
    return restarted;
  }

  /** Puts a run back, behind the others: it has more than was read. */
  leave(runId: string): void {
    this.#fresh.add(runId);
    this.#finishWait?.();
  }

  /** Takes the runs whose line in the list has changed. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  noteChange(runId: string): void {
    if (!this.#options.list) return;
    this.#changed.add(runId);
    this.#finishWait?.();
  }

  noteProgress(runId: string): void {
    if (!this.#options.list) return;
    this.#progressed.add(runId);
    this.#progressTimer ??= setTimeout(() => {
      this.#progressTimer = null;
      for (const id of this.#progressed) this.noteChange(id);
      this.#progressed.clear();
    }, progressEvery);
  }

  /** Resolves when there is something to take, after `timeout` ms, or when `signal` aborts. */
  async wait(timeout: number, signal: AbortSignal): Promise<void> {
    if (this.#fresh.size > 0 || this.#changed.size > 0 || signal.aborted) return;
    await this.#waitForNews(timeout, signal);
  }

  /** The events of a run above `after` if all of them are in memory, else null: read the index then. */
  recent(runId: string, after: number): readonly StoredEvent[] | null {
    return this.#options.channels.get(runId)?.recent(after) ?? null;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#progressTimer !== null) clearTimeout(this.#progressTimer);
    for (const [runId, wake] of this.#wakes) this.#options.channels.get(runId)?.leave(wake);
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

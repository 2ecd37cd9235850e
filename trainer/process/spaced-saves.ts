/** Writes a checkpoint: all of it is on the disk, and said in the log, when the promise is kept. */
type Write = () => Promise<void>;

/**
 * Saves `best` and `last` at most once each so many seconds. What comes in between stays in memory, the newest of each name,
 * and is written when the time is over, `best` first: what is on the disk as `last` knows no better one than is there.
 */
export class SpacedSaves {
  readonly #every: number;
  #waiting = new Map<'best' | 'last', Write>();
  #writing: Promise<void> = Promise.resolve();
  #savedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds between two saves; 0 saves all. */
  constructor(seconds: number) {
    this.#every = seconds * 1000;
  }

  /**
   * Training goes on while checkpoints are written; it is only held up where those before are not on the disk yet.
   * `best` waits for the `last` of its epoch. Rejects with what an earlier one failed with.
   */
  async save(name: 'best' | 'last', write: Write): Promise<void> {
    this.#waiting.set(name, write);
    if (name === 'best') return;
    const left = this.#savedAt + this.#every - performance.now();
    if (left > 0) {
      this.#timer ??= setTimeout(() => this.#flushBehind(), left).unref();
      return;
    }
    await this.#writing;
    this.flush();
  }

  /** Begins to write what waits, behind what is being written. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const writes = ['best', 'last'] as const;
    const due = writes.flatMap((name) => this.#waiting.get(name) ?? []);
    if (due.length === 0) return;
    this.#waiting = new Map();
    this.#savedAt = performance.now();
    this.#writing = due.reduce((before, write) => before.then(write), this.#writing);
    // Who waits for it next gets the error; until then it must not count as an unhandled rejection.
    this.#writing.catch(() => {});
  }

  /** Writes one that is asked for at once, behind what is being written. */
  async saveNow(write: Write): Promise<void> {
    this.#writing = this.#writing.then(write);
    await this.#writing;
  }

  /** Resolves when everything is on the disk and in the log; rejects with what saving it failed with. */
  async settle(): Promise<void> {
    this.flush();
    await this.#writing;
  }

  /** As flush, when what is being written is on the disk: on a slow one nothing piles up. */
  #flushBehind(): void {
    this.#writing.then(
      () => this.flush(),
      () => {},
    );
  }
}

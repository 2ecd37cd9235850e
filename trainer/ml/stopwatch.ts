/** Seconds of work: time spent paused does not count. `now` in milliseconds. */
export class Stopwatch {
  readonly #now: () => number;
  #from: number;
  #held = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#from = now();
  }

  get seconds(): number {
    return (this.#held + this.#now() - this.#from) / 1000;
  }

  /** Work done while `idle` runs is not counted. */
  async exclude(idle: () => Promise<void>): Promise<void> {
    this.#held += this.#now() - this.#from;
    await idle();
    this.#from = this.#now();
  }
}

interface RoundsOptions {
  /** What every round looks at. Does not reject. */
  readonly look: () => Promise<void>;
  /** What a round does in addition after `wake`. Does not reject. */
  readonly onWake: () => Promise<void>;
  /** Whether there is something to look at; without it the next round waits to be woken. */
  readonly isNeeded: () => boolean;
  /** Ms between two rounds. */
  readonly interval: number;
}

/** Rounds, one after another while they are needed, and at once when woken. */
export class Rounds {
  readonly #options: RoundsOptions;
  #open = false;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #woken = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
  }

  wake(): void {
    this.#woken = true;
    if (this.#timer === undefined) this.#schedule(0);
  }

  /** Begins no other round and waits for the one under way. */
  async close(): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#open) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#go().finally(() => this.#goOn());
    }, delay);
  }

  async #go(): Promise<void> {
    await this.#options.look();
    if (!this.#woken) return;
    this.#woken = false;
    await this.#options.onWake();
  }

  #goOn(): void {
    if (this.#open && this.#woken) this.#schedule(0);
    else if (this.#open && this.#options.isNeeded()) this.#schedule(this.#options.interval);
    else this.#timer = undefined;
  }
}

/** ms between two refreshes of a list of which nobody tells whether it has changed, and of what nobody tells of at all. */
const askEvery = 2000;
const lookEvery = 15_000;

/**
 * When a list is read again: as soon as it is known to have changed, one reading at a time, and every 15 s for what nobody
 * tells of, such as a notebook saved elsewhere; every 2 s while nobody tells anything. A hidden page reads nothing, and
 * reads once when it is shown again.
 */
export class Refreshing {
  readonly #refresh: () => Promise<void>;
  #every = lookEvery;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isWanted = false;
  #stopped = false;

  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
    document.addEventListener('visibilitychange', this.#onshown);
    this.#later();
  }

  /** Reads now, or when the reading under way is over. */
  want(): void {
    this.#isWanted = true;
    if (this.#isReading || this.#stopped || document.hidden) return;
    this.#isReading = true;
    this.#isWanted = false;
    clearTimeout(this.#timer);
    void this.#refresh().finally(() => {
      this.#isReading = false;
      if (this.#isWanted) this.want();
      else this.#later();
    });
  }

  /** From now on changes are told; what changed until now was not. */
  beTold(): void {
    this.#every = lookEvery;
    this.want();
  }

  /** From now on nobody tells. */
  ask(): void {
    if (this.#every === askEvery) return;
    this.#every = askEvery;
    this.want();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#onshown);
  }

  readonly #onshown = () => {
    if (!document.hidden) this.want();
  };

  #later(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.want(), this.#every);
  }
}

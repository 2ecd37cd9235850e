/** How a program that should go on serving has ended. */
export interface ProgramEnd {
  /** Ms, by any clock that only goes forward. */
  readonly at: number;
  /** Ms since it was started. */
  readonly lived: number;
  /** It ended by its own doing, or before it served: not by somebody's signal to a program at work. */
  readonly isFault: boolean;
}

/** Ms for which an end makes the next waits longer. */
const memory = 30_000;
const firstWait = 250;
const longestWait = 8000;

/** Ms after which a program that ends had worked. */
const proven = 60_000;
const mostFaults = 5;

/**
 * How long to wait before a program is started again: a quarter of a second, twice as long for each further end within 30 s,
 * 8 s at most. After five faults in a row, none of which came after a minute of life, the sixth ends the tries.
 */
export class BackOff {
  #ends: readonly number[] = [];
  #faults = 0;

  /** Ms to wait; null where it is not to be started again. */
  next({ at, lived, isFault }: ProgramEnd): number | null {
    this.#faults = lived >= proven || !isFault ? Number(isFault) : this.#faults + 1;
    this.#ends = [...this.#ends.filter((end) => end > at - memory), at];
    if (this.#faults > mostFaults) return null;
    return Math.min(firstWait * 2 ** (this.#ends.length - 1), longestWait);
  }
}

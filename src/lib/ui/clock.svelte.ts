import { createSubscriber } from 'svelte/reactivity';

/** The time of day, read anew every `ms` milliseconds while something shows it. */
class Clock {
  readonly #subscribe: () => void;

  constructor(ms: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, ms);
      return () => clearInterval(timer);
    });
  }

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

/** For words such as "4 min ago". */
export const clock = new Clock(20_000);

/** For the time that something has taken so far. */
export const stopwatch = new Clock(1000);

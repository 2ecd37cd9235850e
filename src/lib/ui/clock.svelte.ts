import { createSubscriber } from 'svelte/reactivity';

/** The time of day, for words such as "4 min ago": ticks every 20 s while something shows it. */
class Clock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 20_000);
    return () => clearInterval(timer);
  });

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();

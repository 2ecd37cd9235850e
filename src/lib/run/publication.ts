import type { FeedEffects } from './feed-effects.ts';

/** ms from one publication to the next: about three a second are as many as anybody reads. */
const rest = 300;

/**
 * When what has come is shown, however much comes: the first at the next frame, what follows together when the rest is
 * over, and what cannot wait at the next frame again. Nothing that was asked for is left out.
 */
export class Publication {
  readonly #effects: Pick<FeedEffects, 'frame' | 'wait'>;
  readonly #publish: () => void;
  #asked = false;
  #framed = false;
  #awaken: (() => void) | null = null;

  constructor(effects: Pick<FeedEffects, 'frame' | 'wait'>, publish: () => void) {
    this.#effects = effects;
    this.#publish = publish;
  }

  ask(cannotWait = false): void {
    this.#asked = true;
    if (this.#framed || (this.#awaken !== null && !cannotWait)) return;
    this.#framed = true;
    this.#effects.frame(() => this.#show());
  }

  #show(): void {
    this.#framed = false;
    this.#asked = false;
    this.#awaken?.();
    this.#awaken = this.#effects.wait(rest, () => {
      this.#awaken = null;
      if (this.#asked) this.ask();
    });
    this.#publish();
  }
}

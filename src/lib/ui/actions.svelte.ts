import { untrack } from 'svelte';

/** Something a person can do now, as the palette lists it. */
export interface Action {
  readonly name: string;
  /** What else it is found by, and is shown beside it, e.g. the state of a run. */
  readonly hint?: string;
  /** As in the sheet of keys. */
  readonly keys?: readonly string[];
  run(): void;
}

/** What can be done on the page that is open: each of its parts says what it offers. */
class ActionList {
  #sources = $state.raw<readonly (() => readonly Action[])[]>([]);

  /** Those offered last come first: they are of the page, and the others of every page. */
  get all(): readonly Action[] {
    return this.#sources.toReversed().flatMap((source) => source());
  }

  /** `source` is asked when the palette opens; the returned function takes the offer back. */
  offer(source: () => readonly Action[]): () => void {
    const others = () => untrack(() => this.#sources).filter((other) => other !== source);
    this.#sources = [...others(), source];
    return () => {
      this.#sources = others();
    };
  }
}

/** One a browser tab. */
export const actions = new ActionList();

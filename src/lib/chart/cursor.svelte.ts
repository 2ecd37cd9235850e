import { getContext, setContext } from 'svelte';

/** The x under the pointer, shared by every chart of a page whose x means the same ("step", "time", …). */
class Cursors {
  #positions = $state<Record<string, number | null>>({});

  at(kind: string): number | null {
    return this.#positions[kind] ?? null;
  }

  move(kind: string, x: number | null): void {
    this.#positions[kind] = x;
  }
}

const key = Symbol('chart cursors');

/** Called once by a page whose charts share their cursors. */
export function provideCursors(): Cursors {
  return setContext(key, new Cursors());
}

/** The page's cursors, or a chart's own where the page shares none. */
export function requireCursors(): Cursors {
  return getContext<Cursors | undefined>(key) ?? new Cursors();
}

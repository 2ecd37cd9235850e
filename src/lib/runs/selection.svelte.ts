import { SvelteMap } from 'svelte/reactivity';

interface Ticked {
  readonly id: string;
  readonly number: number;
}

/** The runs that are ticked, in the order they were; a filter that hides one unticks none. */
export class Selection {
  readonly #runs = new SvelteMap<string, number>();
  #last: number | null = null;

  get count(): number {
    return this.#runs.size;
  }
  get ids(): readonly string[] {
    return [...this.#runs.keys()];
  }
  /** As an address names them: R7,R12. */
  get numbers(): string {
    return [...this.#runs.values()].map((number) => `R${number}`).join(',');
  }
  has(id: string): boolean {
    return this.#runs.has(id);
  }

  /** Ticks or unticks a run at a place of the table, from which `extend` goes on. */
  toggle({ id, number }: Ticked, at: number): void {
    if (!this.#runs.delete(id)) this.#runs.set(id, number);
    this.#last = at;
  }

  /** Ticks the runs from the one touched last to this place, as `entryAt` has them. */
  extend(to: number, entryAt: (index: number) => Ticked | undefined): void {
    const from = this.#last ?? to;
    for (let at = Math.min(from, to); at <= Math.max(from, to); at++) {
      const run = entryAt(at);
      if (run !== undefined) this.#runs.set(run.id, run.number);
    }
    this.#last = to;
  }

  add(runs: Iterable<Ticked>): void {
    for (const { id, number } of runs) this.#runs.set(id, number);
  }
  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#runs.delete(id);
  }
  clear(): void {
    this.#runs.clear();
    this.#last = null;
  }
}

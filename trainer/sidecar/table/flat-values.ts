import { isMap } from '#core/config/document.ts';

/** A value at a key: a list, and a map without keys, as JSON. */
type FlatValue = number | string | boolean | null;

/**
 * The keys that many runs have in their configurations, or their scores, each with a place of its own, so that a run holds a
 * plain list. A text that many runs have is kept once.
 */
export class FlatKeys {
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #kinds: ('number' | 'text' | 'truth' | 'mixed' | null)[] = [];
  readonly #texts = new Map<string, string>();

  /** Dotted keys, in the order of their places. */
  keys(): readonly string[] {
    return this.#keys;
  }

  placeOf(key: string): number | undefined {
    return this.#places.get(key);
  }

  /** What all values have been that were ever there. */
  kindAt(place: number): 'number' | 'text' | 'truth' | 'mixed' {
    return this.#kinds[place] ?? 'mixed';
  }

  /** The values of nested maps in their places; undefined where there is no such key. */
  flatten(values: unknown): readonly (FlatValue | undefined)[] {
    const cells: (FlatValue | undefined)[] = Array.from({ length: this.#places.size });
    this.#take(values, '', cells);
    return cells;
  }

  #take(value: unknown, key: string, cells: (FlatValue | undefined)[]): void {
    if (isMap(value) && (key === '' || Object.keys(value).length > 0)) {
      for (const [name, inner] of Object.entries(value)) this.#take(inner, key === '' ? name : `${key}.${name}`, cells);
      return;
    }
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(key, place);
      this.#keys.push(key);
      this.#kinds[place] = null;
    }
    const cell = this.#toCell(value);
    cells[place] = cell;
    if (cell === null) return;
    const kind = typeof cell === 'number' ? 'number' : typeof cell === 'string' ? 'text' : 'truth';
    const before = this.#kinds[place];
    this.#kinds[place] = before === null || before === kind ? kind : 'mixed';
  }

  #toCell(value: unknown): FlatValue {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

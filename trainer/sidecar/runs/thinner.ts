import { type Thinning, thinRows } from '#core/chart/thin-rows.ts';

/** Thins rows while they come, by ascending places: about twice as many as stay are in memory. */
export class Thinner<Row> {
  readonly #most: number;
  readonly #thinning: Thinning<Row>;
  #rows: Row[] = [];
  #isPart = false;

  /** @param most rows that stay. */
  constructor(most: number, thinning: Thinning<Row>) {
    this.#most = most;
    this.#thinning = thinning;
  }

  /** The newest row. */
  get last(): Row | undefined {
    return this.#rows.at(-1);
  }

  /** Rows in memory. */
  get count(): number {
    return this.#rows.length;
  }

  get rows(): readonly Row[] {
    return thinRows(this.#rows, this.#most, this.#thinning, this.#isPart);
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length <= 2 * this.#most) return;
    this.#rows = [...this.rows];
    this.#isPart = true;
  }
}

import { type Bars, sliceBars } from '#core/bars/bars.ts';
import { AppError } from '#core/error.ts';
import { changeLater } from './change-later.ts';

/** Named columns, one value a row. */
export interface Columns {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** Columns that are computed from bars, and what each of their rows may depend on. */
interface Computation {
  compute(bars: Bars): Columns;
  /** What it gives for all bars. */
  readonly whole: Columns;
  /** Last row that a row may depend on; never falls. */
  readonly until: (row: number) => number;
  /** Rows before one after which nothing that lies further back counts any more. */
  readonly history: number;
}

/** A column that depends on what it may not. */
export interface Sighting {
  readonly name: string;
  /** First row in which it was seen. */
  readonly row: number;
  /** Of the rows looked at, those in which it was seen. */
  readonly rows: number;
  /** Bars that it reads beyond what it may, the most of some rows; null where more than were tried. */
  readonly ahead: number | null;
}

/** Bars ahead that are tried one by one to say how far a column reads. */
const furthest = 2048;
/** Rows of one column in which the reach is measured. */
const measured = 3;

/**
 * Looks for columns that see ahead of what they may, in two ways. A row is computed from the bars alone that it may
 * depend on, as if the file ended there; and all later bars are changed. Either must leave the row as it is.
 *
 * Values count as equal within a millionth of the column's deviation, the rounding of a scaled value as the model gets
 * it (32 bit, up to ten deviations). It is there for recursive filters: where a segment is long, a row is computed from
 * `history` bars, not from its beginning, and the seed of a filter has not quite gone. A row that differs then is
 * computed once more from the first bar of all, so that no such difference is ever reported.
 */
export class Lookahead {
  /** Computations refused on fewer bars, by what was said, and how often. */
  readonly refused = new Map<string, number>();
  readonly #bars: Bars;
  readonly #computation: Computation;
  /** By column, from when it is asked for. */
  readonly #tolerances: (number | undefined)[] = [];
  /** By column: rows in which it was seen, of those looked at. */
  readonly #seen: readonly Set<number>[];
  /** By column: rows that moved with later bars though none looked at did. */
  readonly #moved: number[];
  readonly #compared: Uint8Array;
  #last: { readonly key: string; readonly columns: Columns } | null = null;

  constructor(bars: Bars, computation: Computation) {
    this.#bars = bars;
    this.#computation = computation;
    const { names } = computation.whole;
    this.#seen = names.map(() => new Set());
    this.#moved = names.map(() => -1);
    this.#compared = new Uint8Array(names.length);
  }

  /** Computes row `row` from what it may depend on. Answers the columns found, null where they cannot be computed. */
  cutAfter(row: number): Columns | null {
    const end = this.#computation.until(row) + 1;
    const start = this.#startOf(row);
    let cut = this.#computeBetween(start, end);
    if (cut === null) return null;
    let differing = this.#differing(cut, start, row);
    if (differing.length > 0 && start > 0) {
      cut = this.#computeBetween(0, end);
      differing = cut === null ? [] : this.#differing(cut, 0, row);
    }
    for (const c of differing) this.#seen[c].add(row);
    return cut;
  }

  /**
   * Changes all bars after `row` and compares every row that may not depend on them. Of a file with more bars than
   * `span` behind the row and what it is computed from, or ahead of it, the others are left out, before and after.
   */
  changeAfter(row: number, seed: number, span: number): void {
    const { until } = this.#computation;
    const start = Math.max(0, this.#startOf(row) - span);
    const end = Math.min(this.#bars.time.length, row + 1 + span);
    const isWhole = start === 0 && end === this.#bars.time.length;
    const part = sliceBars(this.#bars, start, end);
    // Both from the same bars: no filter has another seed in one of them.
    const before = isWhole ? this.#computation.whole : this.#compute(part);
    const after = this.#compute(changeLater(part, row - start, seed));
    if (before === null || after === null) return;
    let rows = row + 1;
    while (rows > start && until(rows - 1) > row) rows--;
    this.#computation.whole.names.forEach((name, c) => {
      const [own, other] = [columnOf(before, name), columnOf(after, name)];
      if (own === undefined || other === undefined) return;
      this.#compared[c] = 1;
      // From the nearest on: that one says most.
      for (let i = rows - 1; i >= start; i--) {
        if (this.#isSame(c, own[i - start], other[i - start])) continue;
        if (i === row) this.#seen[c].add(i);
        else this.#moved[c] = Math.max(this.#moved[c], i);
        return;
      }
    });
  }

  /** All columns that see ahead, in their order. */
  sightings(): readonly Sighting[] {
    return this.#computation.whole.names.flatMap((name, c) => {
      const rows = [...this.#seen[c]].sort((a, b) => a - b);
      const row = rows[0] ?? this.#moved[c];
      if (row < 0) return [];
      const reaches = (rows.length > 0 ? rows.slice(0, measured) : [row]).map((one) => this.#reachOf(c, one));
      const ahead = reaches.includes(null) ? null : Math.max(...reaches.map(Number));
      return [{ name, row, rows: rows.length, ahead }];
    });
  }

  /** Columns that no computation but that of all bars has given. */
  notCompared(): readonly string[] {
    return this.#computation.whole.names.filter((_, c) => this.#compared[c] === 0);
  }

  /**
   * First bar from which the row is computed: that of its segment where it is near, else `history` bars before, and
   * before those one on which every further column has a value to carry along.
   */
  #startOf(row: number): number {
    const { segment, extra } = this.#bars;
    let first = row;
    while (first > 0 && segment[first - 1] === segment[row] && row - first < this.#computation.history) first--;
    const columns = Object.values(extra);
    while (first > 0 && segment[first - 1] === segment[row] && columns.some((one) => Number.isNaN(one[first]))) first--;
    return first;
  }

  #computeBetween(start: number, end: number): Columns | null {
    const key = `${start} ${end}`;
    if (this.#last?.key === key) return this.#last.columns;
    const columns = this.#compute(sliceBars(this.#bars, start, end));
    if (columns !== null) this.#last = { key, columns };
    return columns;
  }

  /** Null where the bars are too few to be computed from: a refusal is counted, any other error is one of ours. */
  #compute(bars: Bars): Columns | null {
    try {
      return this.#computation.compute(bars);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.refused.set(error.message, (this.refused.get(error.message) ?? 0) + 1);
      return null;
    }
  }

  #differing(cut: Columns, start: number, row: number): readonly number[] {
    return this.#computation.whole.names.flatMap((name, c) => {
      const column = columnOf(cut, name);
      if (column === undefined) return [];
      this.#compared[c] = 1;
      return this.#isSame(c, column[row - start], this.#wholeAt(c, row)) ? [] : [c];
    });
  }

  #wholeAt(c: number, row: number): number {
    return this.#computation.whole.columns[c][row];
  }

  #isSame(c: number, one: number, other: number): boolean {
    return Object.is(one, other) || Math.abs(one - other) <= this.#toleranceOf(c);
  }

  #toleranceOf(c: number): number {
    return (this.#tolerances[c] ??= 1e-6 * deviationOf(this.#computation.whole.columns[c]));
  }

  /** The fewest further bars with which the row comes out as it does from all of them. */
  #reachOf(c: number, row: number): number | null {
    const start = this.#startOf(row);
    const end = this.#computation.until(row) + 1;
    const name = this.#computation.whole.names[c];
    const isReached = (ahead: number) => {
      const cut = this.#computeBetween(start, end + ahead);
      const column = cut === null ? undefined : columnOf(cut, name);
      return column !== undefined && this.#isSame(c, column[row - start], this.#wholeAt(c, row));
    };
    let most = Math.min(furthest, this.#bars.time.length - end);
    if (isReached(0) || !isReached(most)) return null;
    let least = 0;
    while (most - least > 1) {
      const middle = (least + most) >> 1;
      if (isReached(middle)) most = middle;
      else least = middle;
    }
    return most;
  }
}

function columnOf({ names, columns }: Columns, name: string): Float64Array | undefined {
  return columns[names.indexOf(name)];
}

/** Of some thousand values, or all where there are no more; an odd stride, so that no hour of the day is left out. */
function deviationOf(column: Float64Array): number {
  const stride = Math.floor(column.length / 4096) | 1;
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < column.length; i += stride) {
    const value = column[i];
    if (!Number.isFinite(value)) continue;
    const distance = value - mean;
    mean += distance / ++count;
    squares += distance * (value - mean);
  }
  return count === 0 ? 0 : Math.sqrt(squares / count);
}

import type { KnownColumn } from '#core/api/run-table.ts';
import { wordOf } from '#core/query/filter-text.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import type { RunEntry } from './run-entry.ts';
import type { RunStock } from './run-index.ts';
import type { ColumnSource, TableColumns } from './table-column.ts';

/** Values that a column names; of one that has more of numbers, none. */
const mostValues = 50;
const mostCounted = 1000;

/** Runs that are looked at in one turn of the event loop. */
const runsATurn = 250;

/** Every column once, with what it holds; those of the test where a run has opened it. Some runs a turn of the event loop. */
export async function knownColumns({ runs }: RunStock, columns: TableColumns): Promise<readonly KnownColumn[]> {
  const tallies = [...columns].flatMap(([name, source]) => (name === source.key ? [new Tally(source)] : []));
  // A run after the other, not a column after the other: the values of one lie together in memory.
  for (const [index, run] of runs.entries()) {
    for (const tally of tallies) tally.take(run);
    if (index % runsATurn === runsATurn - 1) await loopTurn();
  }
  return tallies.map((tally) => tally.toColumn()).filter(({ key, runs: own }) => own > 0 || !isOfTest(key));
}

/** What the runs that it was shown have under a column. */
class Tally {
  readonly #source: ColumnSource;
  readonly #isNamed: boolean;
  readonly #counts = new Map<number | string | boolean, number>();
  #runs = 0;
  #low = Infinity;
  #high = -Infinity;

  constructor(source: ColumnSource) {
    this.#source = source;
    // Scores and times are numbers without a name.
    this.#isNamed = source.column.part !== 'metric' && source.kind !== 'date';
  }

  take(run: RunEntry): void {
    const value = this.#source.valueOf(run);
    if (value === null) return;
    if (typeof value === 'number') {
      if (value < this.#low) this.#low = value;
      if (value > this.#high) this.#high = value;
      if (this.#isNamed) this.#count(value);
    } else if (typeof value === 'string' || typeof value === 'boolean') this.#count(value);
    else if (value.length === 0) return;
    else for (const member of value) this.#count(member);
    this.#runs++;
  }

  toColumn(): KnownColumn {
    const [low, high] = [this.#low, this.#high];
    const common = [...this.#counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
    const areNumbers = low <= high;
    const named = areNumbers && common.length > mostValues ? [] : common.slice(0, mostValues).map(toWord);
    return {
      ...this.#source.column,
      runs: this.#runs,
      values: this.#source.words ?? named,
      range: areNumbers && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null,
    };
  }

  #count(value: number | string | boolean): void {
    const before = this.#counts.get(value);
    if (before !== undefined) this.#counts.set(value, before + 1);
    else if (this.#counts.size < mostCounted) this.#counts.set(value, 1);
  }
}

function toWord(value: number | string | boolean): string {
  return typeof value === 'string' ? wordOf(value) : String(value);
}

import type { Kysely } from 'kysely';
import { highestRuns, rankingKey } from '#core/run/run-ranking.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { changedRuns } from '#trainer/sidecar/db/table-rows.ts';
import { FlatKeys } from './flat-values.ts';
import { EntryMaker, type RunEntry } from './run-entry.ts';

/** What is known of all runs together; made once a change. */
export interface RunStock {
  /** Not in the bin, newest first. */
  readonly runs: readonly RunEntry[];
  /** In the bin, newest first. */
  readonly binned: readonly RunEntry[];
  /** Of both. */
  readonly byId: ReadonlyMap<string, RunEntry>;
  readonly keys: FlatKeys;
  /** Of all metrics that a run has had. */
  readonly metrics: FlatKeys;
  /** Key of rows → its letter, by the age of its oldest run: A, B … Z, then AA. */
  readonly letters: ReadonlyMap<string, string>;
  /** Ids of the runs with the highest validation accuracy on their rows. */
  readonly highest: ReadonlySet<string>;
}

/** Runs that are read in one turn of the event loop: some ms. */
const runsATurn = 40;

/**
 * All runs of the index in memory, a few kilobytes each, so that a table of ten thousand is filtered and ordered in
 * milliseconds. Before each use it reads what has changed, by whomever.
 */
export class RunIndex {
  readonly #db: Kysely<Database>;
  #revision = 0;
  #entries = new Map<string, RunEntry>();
  #keys = new FlatKeys();
  #metrics = new FlatKeys();
  #maker = new EntryMaker(this.#keys, this.#metrics);
  #stock: RunStock | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  #isForgotten = false;
  #isClosed = false;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The runs as the index has them now. */
  read(): Promise<RunStock> {
    // One reads after the other: the later finds nothing more to do, or what came meanwhile.
    const read = this.#reading.then(() => this.#readChanges());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  /** Another index serves, whose changes are counted anew: the next reading is of all of it. */
  forget(): void {
    this.#isForgotten = true;
  }

  /** Ends what is being read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reading;
  }

  async #readChanges(): Promise<RunStock> {
    while (!this.#isClosed) {
      if (this.#isForgotten) this.#begin();
      const { newest, runs } = await changedRuns(this.#db, this.#revision, runsATurn);
      if (this.#isForgotten) continue;
      if (runs.size === 0) break;
      for (const [id, run] of runs) {
        if (run === undefined) this.#entries.delete(id);
        else this.#entries.set(id, this.#maker.make(run));
      }
      this.#revision = newest;
      this.#stock = null;
      await loopTurn();
    }
    this.#stock ??= takeStock(this.#entries, this.#keys, this.#metrics);
    return this.#stock;
  }

  #begin(): void {
    this.#isForgotten = false;
    this.#revision = 0;
    this.#entries = new Map();
    this.#keys = new FlatKeys();
    this.#metrics = new FlatKeys();
    this.#maker = new EntryMaker(this.#keys, this.#metrics);
    this.#stock = null;
  }
}

function takeStock(entries: ReadonlyMap<string, RunEntry>, keys: FlatKeys, metrics: FlatKeys): RunStock {
  const all = [...entries.values()].sort((a, b) => b.number - a.number);
  const runs = all.filter(({ deletedAt }) => deletedAt === null);
  const rows = new Set(runs.toReversed().flatMap((run) => rankingKey(run) ?? []));
  return {
    runs,
    binned: all.filter(({ deletedAt }) => deletedAt !== null),
    byId: new Map(entries),
    keys,
    metrics,
    letters: new Map([...rows].map((key, index) => [key, letterOf(index)])),
    highest: highestRuns(runs, 'val.da'),
  };
}

function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

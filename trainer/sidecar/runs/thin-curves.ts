import type { Kysely } from 'kysely';
import { eventSchema, type EventOf, fromEventNumber } from '#core/run/event.ts';
import { bodyAt, oldestEvents } from '#trainer/sidecar/db/event-rows.ts';
import { type Point, pointPages } from '#trainer/sidecar/db/point-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { curveThinning } from '#core/chart/thin-rows.ts';
import { Smoother } from '#core/chart/smooth.ts';
import { Thinner } from './thinner.ts';
import { Turns } from './turns.ts';

/** Points in memory for all runs together: about 40 MB. */
const mostKept = 400_000;
/** Where more events than that are new, the curves are read anew. */
const mostNew = 100_000;

/** Which curves: `from` ≤ step ≤ `to`, `most` points each at most; with `smoothing`, a weight β of `smooth`, smoothed too. */
interface ThinRange {
  readonly from: number;
  readonly to: number;
  readonly most: number;
  readonly smoothing?: number;
}

/** A curve as it grows: smoothed over all its points, and thinned after that. */
class ThinCurve {
  readonly #thinner: Thinner<Point>;
  readonly #smoother: Smoother | null;

  constructor({ most, smoothing }: ThinRange) {
    this.#thinner = new Thinner<Point>(most, curveThinning);
    this.#smoother = smoothing === undefined ? null : new Smoother(smoothing);
  }
  get last(): Point | undefined {
    return this.#thinner.last;
  }
  get count(): number {
    return this.#thinner.count;
  }
  get rows(): readonly Point[] {
    return this.#thinner.rows;
  }
  add(point: Point): void {
    this.#thinner.add(this.#smoother === null ? point : { ...point, smooth: this.#smoother.add(point.value) });
  }
}

/** Curves as the events up to `seq` tell them. */
interface KeptCurves {
  readonly seq: number;
  /** The event of that seq, by which it is known that the index was not built anew from another log. */
  readonly body: string;
  readonly curves: Map<string, ThinCurve>;
}

/**
 * Thinned curves of runs. They are kept in memory, those asked for last: of a run that goes on only what is new is read, and
 * what many ask for at once is read once.
 */
export class ThinCurves {
  readonly #db: Kysely<Database>;
  /** The one used longest ago first. */
  readonly #kept = new Map<string, KeptCurves>();
  readonly #turns = new Turns();

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The curve of a metric, up to `lastSeq` at least. */
  read(runId: string, key: string, lastSeq: number, range: ThinRange): Promise<readonly Point[]> {
    const name = [runId, range.from, range.to, range.most, range.smoothing ?? ''].join(' ');
    return this.#turns.take(name, async () => {
      const { seq, curves } = await this.#bring(name, runId, lastSeq, range);
      const curve = curves.get(key) ?? new ThinCurve(range);
      if (!curves.has(key)) {
        const pages = pointPages(this.#db, runId, key, { from: range.from, to: range.to, lastSeq: seq });
        for await (const page of pages) for (const point of page) curve.add(point);
        curves.set(key, curve);
        this.#dropOldest();
      }
      return curve.rows;
    });
  }

  /** What is kept, brought up to `lastSeq`; nothing yet where it cannot be. */
  async #bring(name: string, runId: string, lastSeq: number, range: ThinRange): Promise<KeptCurves> {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    const isSame = kept !== undefined && (await bodyAt(this.#db, runId, kept.seq)) === kept.body;
    if (isSame && kept.seq >= lastSeq) {
      this.#kept.set(name, kept);
      return kept;
    }
    const isBrought = isSame && lastSeq - kept.seq <= mostNew && (await this.#goOn(kept, runId, lastSeq, range));
    const curves = isBrought ? kept.curves : new Map<string, ThinCurve>();
    const brought = { seq: lastSeq, body: await bodyAt(this.#db, runId, lastSeq), curves };
    this.#kept.set(name, brought);
    return brought;
  }

  /** Adds what is new; false where it does not come behind what was there, as when an attempt takes steps again. */
  async #goOn({ seq, curves }: KeptCurves, runId: string, lastSeq: number, { from, to }: ThinRange): Promise<boolean> {
    for await (const { body } of oldestEvents(this.#db, runId, { type: 'metric', after: seq, upTo: lastSeq })) {
      const event = eventSchema.parse(JSON.parse(body));
      if (event.type !== 'metric' || event.step < from || event.step > to) continue;
      for (const [key, point] of pointsOf(event)) {
        const curve = curves.get(key);
        if (curve === undefined) continue;
        if (curve.last !== undefined && curve.last.step >= point.step) return false;
        curve.add(point);
      }
    }
    return true;
  }

  #dropOldest(): void {
    let points = [...this.#kept.values()].reduce((sum, kept) => sum + countPoints(kept), 0);
    for (const [name, kept] of this.#kept) {
      if (points <= mostKept) return;
      this.#kept.delete(name);
      points -= countPoints(kept);
    }
  }
}

function countPoints({ curves }: KeptCurves): number {
  return [...curves.values()].reduce((sum, { count }) => sum + count, 0);
}

function pointsOf({ step, attempt, seq, epoch, values }: EventOf<'metric'>): (readonly [string, Point])[] {
  const at = { step, attempt, seq, epoch: fromEventNumber(epoch) };
  return Object.entries(values).map(([key, value]) => [key, { ...at, value: fromEventNumber(value) }] as const);
}

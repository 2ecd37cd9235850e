import type { Kysely } from 'kysely';
import { Smoother } from '#core/chart/smooth.ts';
import { rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import { type CurveRange, type Point, pointPages } from '#trainer/sidecar/db/point-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** A metric's points by ascending steps, in pages of at most as many as are handled in a turn of the loop. */
export interface Curve {
  readonly key: string;
  /** Can be asked for again and again, and gives the same. */
  readonly pages: () => AsyncIterable<readonly Point[]>;
}

/** Every point, read anew whenever its pages are asked for. */
export function storedCurve(db: Kysely<Database>, runId: string, key: string, range: CurveRange): Curve {
  return { key, pages: () => pointPages(db, runId, key, range) };
}

/** The same, each point with what `smoothing`, a weight β of `smooth`, makes of it and those before it. */
export function smoothedCurve({ key, pages }: Curve, smoothing: number): Curve {
  async function* smoothed(): AsyncGenerator<readonly Point[], void, void> {
    const smoother = new Smoother(smoothing);
    for await (const page of pages()) yield page.map((point) => ({ ...point, smooth: smoother.add(point.value) }));
  }
  return { key, pages: smoothed };
}

/** Points that are in memory. */
export function curveOf(key: string, points: readonly Point[]): Curve {
  return { key, pages: () => pagesOf(points) };
}

async function* pagesOf(points: readonly Point[]): AsyncGenerator<readonly Point[], void, void> {
  for (let at = 0; at < points.length; at += rowsATurn) yield points.slice(at, at + rowsATurn);
}

import type { Kysely } from 'kysely';
import { rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import { type CurveRange, type Point, pointPages } from '#trainer/sidecar/db/point-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { curveThinning, thinRows } from '#core/chart/thin-rows.ts';

/** A metric's points by ascending steps, in pages of at most as many as are handled in a turn of the loop. */
export interface Curve {
  readonly key: string;
  /** Can be asked for again and again, and gives the same. */
  readonly pages: () => AsyncIterable<readonly Point[]>;
}

/** Every point, read anew whenever its pages are asked for. */
export function wholeCurve(db: Kysely<Database>, runId: string, key: string, range: CurveRange): Curve {
  return { key, pages: () => pointPages(db, runId, key, range) };
}

/** `most` points at most. It is thinned while it is read: about twice as many are in memory. */
export async function thinCurve({ key, pages }: Curve, most: number): Promise<Curve> {
  let kept: Point[] = [];
  let isPart = false;
  for await (const page of pages()) {
    kept.push(...page);
    if (kept.length <= 2 * most) continue;
    kept = [...thinRows(kept, most, curveThinning, isPart)];
    isPart = true;
  }
  const thin = thinRows(kept, most, curveThinning, isPart);
  return { key, pages: () => pagesOf(thin) };
}

async function* pagesOf(points: readonly Point[]): AsyncGenerator<readonly Point[], void, void> {
  for (let at = 0; at < points.length; at += rowsATurn) yield points.slice(at, at + rowsATurn);
}

import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface Point {
  readonly step: number;
  readonly epoch: number;
  readonly attempt: number;
  readonly value: number;
}

/** Names of the metrics a run has, sorted. */
export async function metricKeys(db: Kysely<Database>, runId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('points')
    .select('key')
    .distinct()
    .where('run_id', '=', runId)
    .orderBy('key')
    .execute();
  return rows.map((row) => row.key);
}

/**
 * The points of one metric with `from` ≤ step ≤ `to`, ascending: of a step that several attempts took the highest
 * attempt counts, and of one attempt the newest value.
 */
export async function metricPoints(
  db: Kysely<Database>,
  runId: string,
  key: string,
  from: number,
  to: number,
): Promise<readonly Point[]> {
  const rows = await db
    .selectFrom('points')
    .select(['step', 'epoch', 'attempt', 'value'])
    .where('run_id', '=', runId)
    .where('key', '=', key)
    .where('step', '>=', from)
    .where('step', '<=', to)
    .orderBy('step')
    .orderBy('attempt')
    .orderBy('seq')
    .execute();
  const points: Point[] = [];
  for (const row of rows) {
    const point = { ...row, value: row.value ?? Number.NaN };
    if (points.at(-1)?.step === point.step) points[points.length - 1] = point;
    else points.push(point);
  }
  return points;
}

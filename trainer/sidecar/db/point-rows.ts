import { type Kysely, sql } from 'kysely';
import { loopTurn, rowsATurn } from './loop-turn.ts';
import type { Database } from './schema.ts';

export interface Point {
  readonly step: number;
  readonly epoch: number;
  readonly attempt: number;
  /** Of the event that told it. */
  readonly seq: number;
  readonly value: number;
  /** What smoothing makes of it and the points before it, where that was asked for. */
  readonly smooth?: number;
}

/** What is read of a curve: `from` ≤ step ≤ `to`, as the events up to `lastSeq` tell it. */
export interface CurveRange {
  readonly from: number;
  readonly to: number;
  readonly lastSeq: number;
}

/** Names of the metrics a run has, sorted. */
export async function metricKeys(db: Kysely<Database>, runId: string): Promise<readonly string[]> {
  // From each name to the next in the index: a plain "distinct" reads all points.
  const { rows } = await sql<{ key: string }>`
    with recursive names(key) as (
      select min(key) from points where run_id = ${runId}
      union all
      select (select min(key) from points where run_id = ${runId} and key > names.key) from names where key is not null
    )
    select key from names where key is not null`.execute(db);
  return rows.map(({ key }) => key);
}

/**
 * The points of one metric by ascending steps, a page a turn of the loop: of a step that several attempts took the highest
 * attempt counts, and of one attempt the newest value.
 */
export async function* pointPages(
  db: Kysely<Database>,
  runId: string,
  key: string,
  { from, to, lastSeq }: CurveRange,
): AsyncGenerator<readonly Point[], void, void> {
  let after: Pick<Point, 'step' | 'attempt' | 'seq'> = { step: from, attempt: -1, seq: -1 };
  let last: Point | undefined;
  for (;;) {
    await loopTurn();
    const { rows } = await sql<Omit<Point, 'value'> & { readonly value: number | null }>`
      select step, epoch, attempt, seq, value from points
      where run_id = ${runId} and key = ${key} and step <= ${to} and seq <= ${lastSeq}
        and (step, attempt, seq) > (${after.step}, ${after.attempt}, ${after.seq})
      order by step, attempt, seq limit ${rowsATurn}`.execute(db);
    const page: Point[] = [];
    for (const row of rows) {
      if (last !== undefined && last.step !== row.step) page.push(last);
      last = { ...row, value: row.value ?? NaN };
    }
    // The last one waits for the next page, which may have a newer value of its step.
    if (last !== undefined && rows.length < rowsATurn) page.push(last);
    if (page.length > 0) yield page;
    if (last === undefined || rows.length < rowsATurn) return;
    after = last;
  }
}

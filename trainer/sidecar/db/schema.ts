import type { Insertable, Selectable } from 'kysely';

/** Tables of the index. Rows are snake_case and stop at the repositories; JSON columns are text. */
export interface Database {
  runs: RunsTable;
  events: EventsTable;
  points: PointsTable;
  quarantine: QuarantineTable;
  keys: KeysTable;
  emptied: EmptiedTable;
}

interface RunsTable {
  id: string;
  number: number;
  name: string;
  notebook: string | null;
  parent: string | null;
  /** JSON: dotted key → [old, new]. */
  changed: string;
  /** JSON: string[]. */
  tags: string;
  notes: string;
  /** What was learned from it; '' where nobody has said so. */
  conclusion: string;
  concluded_at: string | null;
  /** 0 or 1. */
  starred: number;
  archived: number;
  /** JSON of core's Passage[]. */
  prose: string;
  created_at: string;
  /** JSON: string[]. */
  overrides: string;
  /** JSON of the resolved configuration. */
  config: string;
  status: string;
  queued_at: string | null;
  /** JSON of core's RunView. */
  view: string;
  last_seq: number;
  /** Bytes of events.jsonl that are in the index. */
  log_offset: number;
  /** sha256 of the last bytes of them (tailDigest); null before the first, and in rows of older versions. */
  log_tail: string | null;
  /** What was found wrong with the log, in words; null where nothing was. */
  damage: string | null;
  /** Lines of the log that are no event. */
  quarantined: number;
  /** JSON of the process that was started for the newest attempt, or null. */
  process: string | null;
  deleted_at: string | null;
  /** Keys of the rows it is scored on; null while, or where, they are not known. */
  validation_key: string | null;
  test_key: string | null;
  /** When its test result could be seen first, and through whom; null while it is sealed. */
  test_opened_at: string | null;
  test_opened_by: string | null;
}

interface EventsTable {
  run_id: string;
  seq: number;
  attempt: number;
  type: string;
  at: string;
  /** The event as JSON, as it stands in the log. */
  body: string;
}

/** One value of one metric: what /metrics answers from. */
interface PointsTable {
  run_id: string;
  key: string;
  step: number;
  attempt: number;
  seq: number;
  epoch: number;
  /** NaN is null; SQLite keeps the infinities. */
  value: number | null;
}

/** Whole lines of a log that are no event: counted and shown, never silently skipped. */
interface QuarantineTable {
  run_id: string;
  log_offset: number;
  bytes: number;
  reason: string;
}

/** Idempotency keys of POST /runs. */
interface KeysTable {
  key: string;
  body_sha256: string;
  run_id: string;
  created_at: string;
}

/** Runs that have gone from the bin for good: what still counts of them. */
interface EmptiedTable {
  id: string;
  number: number;
  created_at: string;
  /** Of a run that was completed. */
  validation_key: string | null;
  test_key: string | null;
  /** `data.source` of the test rows, and the opening times of their first and last bar. */
  source: string | null;
  test_from: number | null;
  test_to: number | null;
  test_opened_at: string | null;
  test_opened_by: string | null;
}

export type RunRow = Selectable<RunsTable>;
export type NewRunRow = Insertable<RunsTable>;
export type NewPointRow = Insertable<PointsTable>;

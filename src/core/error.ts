/** Stable codes of every error a person can meet; the HTTP status follows from the code (core/api/problem.ts). */
export const errorCodes = [
  'invalid_notebook',
  'invalid_config',
  'invalid_override',
  'invalid_filter',
  'invalid_request',
  'data_not_found',
  'data_forbidden',
  'data_unreadable',
  'data_empty',
  'split_too_small',
  'warmup_too_long',
  'non_finite_loss',
  'out_of_memory',
  'disk_full',
  'engine_unavailable',
  'device_lost',
  'run_not_found',
  'notebook_not_found',
  'artifact_not_found',
  'path_not_found',
  'method_not_allowed',
  'state_conflict',
  'key_conflict',
  'sealed',
  'forbidden',
  'too_large',
  'unsupported_media_type',
  'wrong_host',
  'too_many_tries',
  'checkpoint_damaged',
  'checkpoint_outdated',
  'locked',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** One finding at one place: `path` is dotted (`features.timeframes.1h.rsi.period`), or empty for the whole. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  /** Line and column of the notebook's file, from 1, where it stands in one. */
  readonly line?: number;
  readonly column?: number;
}

/** An error meant for a person: says what was expected, what came and what to do next; never a local secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];

  constructor(code: ErrorCode, message: string, options: { issues?: readonly Issue[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.issues = options.issues ?? [];
  }
}

/** Ends an exhaustive switch: a new member of the union becomes a type error here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

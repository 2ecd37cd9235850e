import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { AppError, type ErrorCode, type Issue } from '#core/error.ts';

const statuses: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  invalid_notebook: 422,
  invalid_config: 422,
  invalid_override: 422,
  invalid_request: 400,
  data_not_found: 422,
  data_forbidden: 422,
  data_unreadable: 422,
  data_empty: 422,
  split_too_small: 422,
  warmup_too_long: 422,
  non_finite_loss: 422,
  out_of_memory: 422,
  disk_full: 507,
  engine_unavailable: 422,
  device_lost: 503,
  run_not_found: 404,
  notebook_not_found: 404,
  artifact_not_found: 404,
  state_conflict: 409,
  key_conflict: 422,
  forbidden: 403,
  too_large: 413,
  unsupported_media_type: 415,
  wrong_host: 421,
  checkpoint_damaged: 422,
  locked: 409,
  internal: 500,
};

/** The body of every answer that refuses. */
export const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});

const maxIssues = 100;

/** What was sent may come back in a message, but not by the megabyte. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function errorBody(code: ErrorCode, message: string, issues: readonly Issue[] = []) {
  const told = issues
    .slice(0, maxIssues)
    .map(({ path, message: text }) => ({ path: cut(path, 200), message: cut(text, 1000) }));
  return { error: { code, message: cut(message, 2000), ...(told.length > 0 ? { issues: told } : {}) } };
}

/**
 * Turns what a handler threw into an answer. What was not meant for a person is logged here and answered with a
 * sentence that says nothing of this machine.
 */
export function toErrorResponse(error: Error, c: Context, log: (error: unknown) => void): Response {
  if (error instanceof AppError) {
    if (error.code === 'internal') log(error);
    const message =
      error.code === 'internal' ? 'Something went wrong in Almanac; its terminal says what.' : error.message;
    return c.json(errorBody(error.code, message, error.issues), statuses[error.code]);
  }
  if (error instanceof HTTPException) {
    const code: ErrorCode = error.status === 413 ? 'too_large' : 'invalid_request';
    return c.json(errorBody(code, error.message || 'The request cannot be read.'), error.status);
  }
  if (isDiskFull(error)) {
    const message = 'The disk that holds the runs is full: free some space, then try again. Nothing was changed.';
    return c.json(errorBody('disk_full', message), 507);
  }
  // Nobody is left to answer, and nothing went wrong here.
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return c.json(errorBody('invalid_request', 'The request ended before its body did.'), 400);
  }
  log(error);
  return c.json(errorBody('internal', 'Something went wrong in Almanac; its terminal says what.'), 500);
}

/** As the file system says it, or the index. */
function isDiskFull(error: Error): boolean {
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes((error as NodeJS.ErrnoException).code ?? '');
}

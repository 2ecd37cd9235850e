import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorStatuses, toProblem } from '#core/api/problem.ts';
import { AppError, type ErrorCode, type Issue } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';

/** Answers a refusal: as JSON, or as application/problem+json to a client that asks for that type. */
export function refuse(
  c: Context,
  code: ErrorCode,
  message: string,
  options: { readonly issues?: readonly Issue[]; readonly status?: ContentfulStatusCode } = {},
): Response {
  const { issues, status = errorStatuses[code] } = options;
  const wanted = (c.req.header('accept') ?? '').includes('application/problem+json');
  const type = wanted ? 'application/problem+json' : 'application/json';
  return c.body(JSON.stringify(toProblem(code, message, issues, status)), status, { 'Content-Type': type });
}

const unforeseen = 'Something went wrong in Almanac; its terminal says what.';

/**
 * Turns what a handler threw into an answer. What was not meant for a person is logged here and answered with a
 * sentence that says nothing of this machine.
 */
export function toErrorResponse(error: Error, c: Context, log: (error: unknown) => void): Response {
  if (error instanceof AppError) {
    if (error.code !== 'internal') return refuse(c, error.code, error.message, { issues: error.issues });
    log(error);
    return refuse(c, 'internal', unforeseen);
  }
  if (error instanceof HTTPException) {
    const code: ErrorCode = error.status === 413 ? 'too_large' : 'invalid_request';
    return refuse(c, code, error.message || 'The request cannot be read.', { status: error.status });
  }
  if (isDiskFull(error)) {
    return refuse(
      c,
      'disk_full',
      'The disk that holds the runs is full: free some space, then try again. Nothing was changed.',
    );
  }
  // The client has gone, and nothing went wrong on our side.
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return refuse(c, 'invalid_request', 'The request ended before its body did.');
  }
  log(error);
  return refuse(c, 'internal', unforeseen);
}

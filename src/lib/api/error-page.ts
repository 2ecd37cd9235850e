import { error } from '@sveltejs/kit';
import { ApiError } from './request.ts';

/** Where a page cannot be read, Kit's own page of errors with the server's words; none that answers is a 503. */
export function toErrorPage(cause: unknown): never {
  if (cause instanceof ApiError) error(cause.status || 503, { message: cause.message, code: cause.code });
  throw cause;
}

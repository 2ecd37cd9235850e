import { AppError } from '#core/error.ts';

/** Ends the build with one sentence: what is missing, and what to do. */
export function fail(message: string, cause?: unknown): never {
  throw new AppError('engine_unavailable', message, { cause });
}

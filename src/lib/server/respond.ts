import { errorStatuses, toProblem } from '#core/api/problem.ts';
import { AppError, type ErrorCode } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';

/** The error shape of both servers (HTTP.md#errors); `status` where it is not the code's own. */
export function errorResponse(code: ErrorCode, message: string, status: number = errorStatuses[code]): Response {
  return Response.json(toProblem(code, message, [], status), { status, headers: { 'cache-control': 'no-store' } });
}

/** The answer to a save of what somebody else has changed meanwhile, with what is there; null where nothing is. */
export function conflictResponse(message: string, current: { readonly text: string; readonly etag: string } | null) {
  return Response.json({ error: { code: 'key_conflict', message }, current }, { status: 412 });
}

/** Runs a handler; an AppError becomes its answer, anything else goes on to Kit (500, without detail). */
export async function answering(handler: () => Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    // A name that is taken is a conflict here, where nothing but a name can be.
    if (error instanceof AppError)
      return errorResponse(error.code, error.message, error.code === 'key_conflict' ? 409 : undefined);
    if (isDiskFull(error))
      return errorResponse('disk_full', 'The disk is full, and nothing was changed. Free some space and try again.');
    throw error;
  }
}

import { AppError, type ErrorCode } from '#core/error.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  notebook_not_found: 404,
  key_conflict: 409,
  invalid_request: 400,
  invalid_notebook: 422,
  too_large: 413,
  disk_full: 507,
  forbidden: 403,
  wrong_host: 421,
  unsupported_media_type: 415,
};

/** The error shape of both servers (HTTP.md#errors). */
export function errorResponse(code: string, message: string, status: number): Response {
  return Response.json({ error: { code, message } }, { status, headers: { 'cache-control': 'no-store' } });
}

/** Runs a handler; an AppError becomes its answer, anything else goes on to Kit (500, without detail). */
export async function answering(handler: () => Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    if (error instanceof AppError) return errorResponse(error.code, error.message, statuses[error.code] ?? 500);
    throw error;
  }
}

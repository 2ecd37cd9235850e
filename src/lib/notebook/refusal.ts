import type { Issue } from '#core/error.ts';
import { ApiError } from '#lib/api/request.ts';

/** Why no run was made: the server's message and the places it concerns. */
export interface Refusal {
  readonly message: string;
  readonly issues: readonly Issue[];
}

export function toRefusal(error: unknown): Refusal {
  return {
    message: error instanceof Error ? error.message : String(error),
    issues: error instanceof ApiError ? error.issues : [],
  };
}

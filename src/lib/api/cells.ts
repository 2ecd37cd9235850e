import type { CellKind, CellLine, CellResult, RunCellRequest } from '#core/api/cell-answers.ts';
import { type CellProgress, readCellAnswer } from '#core/api/read-cell.ts';
import { type Fetch, posting, send } from './request.ts';

/** Where a step came from, why, and what that cost or spared. */
export type CellReading = Extract<CellLine, { readonly from: unknown }>;

/**
 * Runs one cell of a notebook in a program of its own; who aborts ends it.
 *
 * @throws ApiError where it is refused; AppError where it fails, or ends without a result
 */
export async function runCell(
  fetcher: Fetch,
  slug: string,
  kind: CellKind,
  request: RunCellRequest,
  signal: AbortSignal,
  hear: (said: CellProgress) => void,
): Promise<CellResult> {
  const path = `/api/notebooks/${encodeURIComponent(slug)}/cells/${kind}`;
  const { body } = await send(fetcher, path, { ...posting(request), signal });
  if (body === null) throw new Error('The answer has no body.');
  return readCellAnswer(body, hear);
}

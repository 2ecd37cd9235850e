import { type BulkAnswer, type LabelRunsRequest, mostAtOnce } from '#core/api/bulk.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** Sends as many requests as so many runs take, one after another. */
async function inTurns(ids: readonly string[], send: (part: string[]) => Promise<BulkAnswer>): Promise<BulkAnswer> {
  const answers: BulkAnswer[] = [];
  for (let at = 0; at < ids.length; at += mostAtOnce) answers.push(await send(ids.slice(at, at + mostAtOnce)));
  return { changed: answers.flatMap(({ changed }) => changed), kept: answers.flatMap(({ kept }) => kept) };
}

/** Tags, stars or archives runs. */
export function labelRuns(
  fetcher: Fetch,
  ids: readonly string[],
  change: Omit<LabelRunsRequest, 'ids'>,
): Promise<BulkAnswer> {
  return inTurns(ids, (part) => answer(sidecar(fetcher).runs.$patch({ json: { ids: part, ...change } })));
}

/** Moves runs to the bin; those that are at work stay, with the reason. */
export function binRuns(fetcher: Fetch, ids: readonly string[]): Promise<BulkAnswer> {
  return inTurns(ids, (part) => answer(sidecar(fetcher).runs.bin.$post({ json: { ids: part } })));
}

/** Puts runs of the bin back. */
export function restoreRuns(fetcher: Fetch, ids: readonly string[]): Promise<BulkAnswer> {
  return inTurns(ids, (part) => answer(sidecar(fetcher).runs.restore.$post({ json: { ids: part } })));
}

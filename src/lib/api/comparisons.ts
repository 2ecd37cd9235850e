import type { DiffForecasts, RunDiff } from '#core/api/run-diff.ts';
import type { Concluded } from '#core/run/said.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** Runs, by id or number, beside each other; the first is the base. */
export function readDiff(fetcher: Fetch, names: readonly string[]): Promise<RunDiff> {
  return answer(sidecar(fetcher).runs.diff.$get({ query: { ids: names.join(',') } }));
}

/** What runs said of validation over the price of the first, from `from` to `to` (ms UTC) where not all fit an answer. */
export function readDiffForecasts(
  fetcher: Fetch,
  names: readonly string[],
  stretch: readonly [from: number, to: number] | null,
): Promise<DiffForecasts> {
  const part = stretch === null ? {} : { from: String(stretch[0]), to: String(stretch[1]) };
  return answer(sidecar(fetcher).runs.diff.forecasts.$get({ query: { ids: names.join(','), ...part } }));
}

/** What was concluded from these runs, by their ids in any order. */
export function readConclusion(fetcher: Fetch, ids: readonly string[]): Promise<Concluded> {
  return answer(sidecar(fetcher).runs.conclusion.$get({ query: { ids: ids.join(',') } }));
}

/** Says what they come to; refused where somebody has said so since `over`, the time of what was there. */
export function conclude(
  fetcher: Fetch,
  ids: readonly string[],
  conclusion: string,
  over: string | null,
): Promise<Concluded> {
  return answer(sidecar(fetcher).runs.conclusion.$put({ json: { runs: [...ids], conclusion, at: over } }));
}

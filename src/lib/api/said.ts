import type { z } from 'zod';
import type { AddPassageRequest, labelRunRequest } from '#core/api/run-requests.ts';
import type { Passage } from '#core/run/said.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { answer, at, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** What may be said of a run; what is left out stays. */
export type RunLabels = z.input<typeof labelRunRequest>;

/** Renames a run, tags, stars or archives it, or says what was learned. */
export function labelRun(fetcher: Fetch, id: string, labels: RunLabels): Promise<RunSummary> {
  return answer(sidecar(fetcher).runs[':id'].$patch({ param: at(id), json: labels }));
}

/** Adds text to a run, or puts some in the place of its own. @returns all that is added then. */
export async function addPassage(fetcher: Fetch, id: string, passage: AddPassageRequest): Promise<readonly Passage[]> {
  return (await answer(sidecar(fetcher).runs[':id'].prose.$post({ param: at(id), json: passage }))).prose;
}

/** Changes added text; refused where it was changed since the version `over`. @returns as addPassage. */
export async function editPassage(
  fetcher: Fetch,
  id: string,
  over: Passage,
  text: string,
): Promise<readonly Passage[]> {
  const param = { ...at(id), passage: over.id };
  const one = sidecar(fetcher).runs[':id'].prose[':passage'];
  return (await answer(one.$put({ param, json: { text, at: over.at } }))).prose;
}

/** Takes added text away. @returns as addPassage. */
export async function removePassage(fetcher: Fetch, id: string, passage: string): Promise<readonly Passage[]> {
  const param = { ...at(id), passage };
  return (await answer(sidecar(fetcher).runs[':id'].prose[':passage'].$delete({ param }))).prose;
}

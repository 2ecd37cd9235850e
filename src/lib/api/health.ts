import type { IndexStatus } from '#core/api/machine.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** How far the sidecar's index of the runs is. */
export async function readIndexStatus(fetcher: Fetch): Promise<IndexStatus> {
  return (await answer(sidecar(fetcher).health.$get())).index;
}

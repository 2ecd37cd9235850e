import type { Architecture } from '#core/models/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/**
 * The engines of the trainer's machine, fastest first; answers when they have been tested, which takes seconds once. For
 * an architecture: when that was measured too, unless runs are at work.
 */
export function listEngines(fetcher: Fetch, model?: Architecture): Promise<readonly EngineReport[]> {
  return answer(sidecar(fetcher).engines.$get({ query: model === undefined ? {} : { model } }));
}

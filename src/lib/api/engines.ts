import { type Fetch, sendJson } from './request.ts';

/** One engine of GET /engines. */
export interface Engine {
  readonly name: string;
  readonly available: boolean;
  readonly device: string;
  readonly version: string;
  /** Why it is not available, and what would make it so. */
  readonly reason?: string;
  readonly measured?: { readonly gflops: number; readonly samplesPerSecond: number };
}

/** The engines of the trainer's machine, fastest first; answers when they have been tested, which takes seconds once. */
export async function listEngines(fetcher: Fetch): Promise<readonly Engine[]> {
  return sendJson<Engine[]>(fetcher, '/api/engines');
}

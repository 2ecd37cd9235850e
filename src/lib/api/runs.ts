import { type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { type Fetch, posting, sendJson } from './request.ts';

/** Body of POST /runs (CONTRACT 5). */
export interface RunRequest {
  readonly notebook?: string;
  readonly source?: string;
  readonly overrides?: readonly string[];
}

/** Body of POST /runs/{id}/fork: nothing = the same again. */
export interface ForkRequest {
  readonly source?: string;
  /** Begin with the weights of this checkpoint of the parent. */
  readonly from?: { readonly checkpoint: string };
}

export type RunAction = 'cancel' | 'pause' | 'resume' | 'checkpoint';

interface RunQuery {
  readonly notebook?: string;
  readonly limit?: number;
}

/** The newest runs first, 200 unless told. */
export async function listRuns(fetcher: Fetch, query: RunQuery = {}): Promise<readonly RunSummary[]> {
  const search = new URLSearchParams({ limit: String(query.limit ?? 200) });
  if (query.notebook) search.set('notebook', query.notebook);
  return (await sendJson<{ runs: RunSummary[] }>(fetcher, `/api/runs?${search}`)).runs;
}

export function getRun(fetcher: Fetch, id: string, signal?: AbortSignal): Promise<RunDetail> {
  return sendJson<RunDetail>(fetcher, `/api/runs/${encodeURIComponent(id)}`, { signal });
}

/** Creates a run; `key` makes a repeated request give the same run. */
export function createRun(fetcher: Fetch, request: RunRequest, key: string): Promise<{ id: string }> {
  return sendJson<{ id: string }>(fetcher, '/api/runs', posting(request, { 'idempotency-key': key }));
}

/** Makes a child of a run; `key` as for createRun. */
export function forkRun(fetcher: Fetch, id: string, request: ForkRequest, key: string): Promise<{ id: string }> {
  const path = `/api/runs/${encodeURIComponent(id)}/fork`;
  return sendJson<{ id: string }>(fetcher, path, posting(request, { 'idempotency-key': key }));
}

/** Moves a run to the bin. `keepalive` lets the request outlive the page. */
export async function binRun(fetcher: Fetch, id: string, keepalive = false): Promise<void> {
  await sendJson<unknown>(fetcher, `/api/runs/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive });
}

/** Curves of a run by metric name, thinned to about `points` a curve. */
export async function readCurves(
  fetcher: Fetch,
  id: string,
  keys: readonly string[],
  points = 400,
): Promise<Readonly<Record<string, MetricColumn>>> {
  const search = new URLSearchParams({ keys: keys.join(','), points: String(points) });
  type Wire = Record<keyof MetricColumn, readonly EventNumber[]>;
  const { series } = await sendJson<{ series: Record<string, Wire> }>(
    fetcher,
    `/api/runs/${encodeURIComponent(id)}/metrics?${search}`,
  );
  const column = (values: readonly EventNumber[]) => Float64Array.from(values, fromEventNumber);
  return Object.fromEntries(
    Object.entries(series).map(([name, { step, epoch, value }]) => [
      name,
      { step: column(step), epoch: column(epoch), value: column(value) },
    ]),
  );
}

export async function actOnRun(fetcher: Fetch, id: string, action: RunAction): Promise<void> {
  await sendJson<unknown>(fetcher, `/api/runs/${encodeURIComponent(id)}/${action}`, posting({}));
}

/** Address of a file of a run, or of a checkpoint folder as a zip. */
export function artifactUrl(id: string, path: string, archive = false): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/api/runs/${encodeURIComponent(id)}/artifacts/${encoded}${archive ? '?archive=zip' : ''}`;
}

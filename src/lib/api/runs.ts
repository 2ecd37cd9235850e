import { type BinContent, type EmptiedBin, metricsAnswer } from '#core/api/run-answers.ts';
import type { CreateRunRequest, ForkRunRequest } from '#core/api/run-requests.ts';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { assertNever } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { type DeliveredEvent, deliveredEventSchema, type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { OpenedTest, RunDetail, RunSummary } from '#core/run/summary.ts';
import { answer, sidecar } from './client.ts';
import { ApiError, type Fetch, send, settle } from './request.ts';

/** A run in a path; the typed client puts it there as it is. */
const at = (id: string) => ({ id: encodeURIComponent(id) });

export type RunAction = 'cancel' | 'pause' | 'resume' | 'checkpoint';

interface RunQuery {
  readonly notebook?: string;
  readonly limit?: number;
}

/** The newest runs first, 200 unless told. */
export async function listRuns(
  fetcher: Fetch,
  { notebook, limit = 200 }: RunQuery = {},
): Promise<readonly RunSummary[]> {
  const query = { limit: String(limit), ...(notebook === undefined ? {} : { notebook }) };
  return (await answer(sidecar(fetcher).runs.$get({ query }))).runs;
}

export function getRun(fetcher: Fetch, id: string, signal?: AbortSignal): Promise<RunDetail> {
  return answer(sidecar(fetcher, { signal }).runs[':id'].$get({ param: at(id) }), signal);
}

/** Creates a run; `key` makes a repeated request give the same run. */
export function createRun(fetcher: Fetch, request: CreateRunRequest, key: string): Promise<{ readonly id: string }> {
  return answer(sidecar(fetcher).runs.$post({ json: request }, { headers: { 'idempotency-key': key } }));
}

/** Makes a child of a run; `key` as for createRun. */
export function forkRun(
  fetcher: Fetch,
  id: string,
  request: ForkRunRequest,
  key: string,
): Promise<{ readonly id: string }> {
  const to = { param: at(id), json: request };
  return answer(sidecar(fetcher).runs[':id'].fork.$post(to, { headers: { 'idempotency-key': key } }));
}

/** Moves a run to the bin. `keepalive` lets the request outlive the page. */
export async function binRun(fetcher: Fetch, id: string, keepalive = false): Promise<void> {
  await answer(sidecar(fetcher, { keepalive }).runs[':id'].$delete({ param: at(id) }));
}

/** What emptying the bin would free. */
export function weighBin(fetcher: Fetch): Promise<BinContent> {
  return answer(sidecar(fetcher).runs.bin.$get());
}

/** Removes the runs in the bin for good. */
export function emptyBin(fetcher: Fetch): Promise<EmptiedBin> {
  return answer(sidecar(fetcher).runs.bin.$delete());
}

/** Scores of completed runs on the validation rows that all of them predicted. */
export function readSharedScores(fetcher: Fetch, ids: readonly string[]): Promise<SharedScores> {
  return answer(sidecar(fetcher).runs.scores.$get({ query: { ids: ids.join(',') } }));
}

/** Curves of a run by metric name, thinned to about `points` a curve. */
export async function readCurves(
  fetcher: Fetch,
  id: string,
  keys: readonly string[],
  points = 400,
): Promise<Readonly<Record<string, MetricColumn>>> {
  const query = { keys: keys.join(','), points: String(points) };
  const sent = await settle(sidecar(fetcher).runs[':id'].metrics.$get({ param: at(id), query }));
  // The route answers CSV as well, so its type does not say which.
  const { series } = metricsAnswer.parse(await sent.json());
  const column = (values: readonly EventNumber[]) => Float64Array.from(values, fromEventNumber);
  return Object.fromEntries(
    Object.entries(series).map(([name, { step, epoch, value }]) => [
      name,
      // The server tells no times.
      { step: column(step), epoch: column(epoch), value: column(value), time: new Float64Array(step.length).fill(NaN) },
    ]),
  );
}

export async function actOnRun(fetcher: Fetch, id: string, action: RunAction): Promise<void> {
  const run = sidecar(fetcher).runs[':id'];
  const to = { param: at(id) };
  switch (action) {
    case 'cancel':
      return void (await answer(run.cancel.$post(to)));
    case 'pause':
      return void (await answer(run.pause.$post(to)));
    case 'resume':
      return void (await answer(run.resume.$post(to)));
    case 'checkpoint':
      return void (await answer(run.checkpoint.$post({ ...to, json: {} })));
    default:
      return assertNever(action);
  }
}

/** Opens the test results of a run, for good. */
export function openTest(fetcher: Fetch, id: string): Promise<OpenedTest> {
  return answer(sidecar(fetcher).runs[':id'].test.$post({ param: at(id), json: {} }));
}

/** Predictions of a split as CSV, and the address they came from. Older runs keep both splits in one file. */
export async function readPredictions(
  fetcher: Fetch,
  id: string,
  split: 'validation' | 'test',
): Promise<{ readonly csv: string; readonly href: string }> {
  const read = async (href: string) => ({ csv: await (await send(fetcher, href)).text(), href });
  const both = artifactUrl(id, runFiles.predictions);
  if (split === 'validation') return read(`${both}?split=validation`);
  return read(artifactUrl(id, runFiles.testPredictions)).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return read(both);
    throw error;
  });
}

/**
 * The next `limit` events of a run after `since`, as its stream delivers them; what a newer server may say besides is left
 * out. None of a run that is gone.
 */
export async function listEvents(
  fetcher: Fetch,
  id: string,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<readonly DeliveredEvent[]> {
  const query = { since: String(since), limit: String(limit) };
  try {
    const { items } = await answer(sidecar(fetcher).runs[':id'].events.$get({ param: at(id), query }));
    return items.flatMap((item) => deliveredEventSchema.safeParse(item).data ?? []);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

/** Address of the events of a run after `since`. */
export function streamUrl(id: string, since: number): string {
  return `/api/runs/${encodeURIComponent(id)}/stream?since=${since}`;
}

/** Address of a file of a run, or of a checkpoint folder as a zip. */
export function artifactUrl(id: string, path: string, archive = false): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/api/runs/${encodeURIComponent(id)}/artifacts/${encoded}${archive ? '?archive=zip' : ''}`;
}

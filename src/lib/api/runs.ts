import { type BinContent, type EmptiedBin, type LogsAnswer, logsAnswer, metricsAnswer } from '#core/api/run-answers.ts';
import type { RunBars } from '#core/api/run-bars.ts';
import type { Lineage } from '#core/api/lineage.ts';
import type { CreateRunRequest, ForkRunRequest } from '#core/api/run-requests.ts';
import { type Plan, planAnswer, type PlanRequest } from '#core/api/plan.ts';
import { assertNever } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { type DeliveredEvent, deliveredEventSchema, type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { OpenedTest, RunDetail } from '#core/run/summary.ts';
import { answer, at, sidecar } from './client.ts';
import { ApiError, type Fetch, posting, readJson, send, settle } from './request.ts';

export type RunAction = 'cancel' | 'pause' | 'resume' | 'checkpoint';

/** The bars of a run, and those of its file today. */
export function readRunBars(fetcher: Fetch, id: string, signal?: AbortSignal): Promise<RunBars> {
  return answer(sidecar(fetcher, { signal }).runs[':id'].bars.$get({ param: at(id) }), signal);
}

export function getRun(fetcher: Fetch, id: string, signal?: AbortSignal): Promise<RunDetail> {
  return answer(sidecar(fetcher, { signal }).runs[':id'].$get({ param: at(id) }), signal);
}

/** The newest runs of a notebook and the kin of a run: those it comes from and those that come from it. */
export function readLineage(
  fetcher: Fetch,
  { notebook, of }: { readonly notebook: string | null; readonly of?: string },
): Promise<Lineage> {
  return answer(sidecar(fetcher).runs.lineage.$get({ query: { notebook: notebook ?? undefined, of } }));
}

/** What is shown where it cannot be read: the page is of use without it. */
export const noLineage = (): Lineage => ({ runs: [], absent: [], more: 0 });

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

/** What would happen, were a run made of this request: nothing is. */
export function planRun(fetcher: Fetch, request: PlanRequest, signal?: AbortSignal): Promise<Plan> {
  return readJson(send(fetcher, '/api/runs/plan', { ...posting(request), signal }), planAnswer);
}

/** Puts a run of the bin back. */
export async function restoreRun(fetcher: Fetch, id: string): Promise<void> {
  await answer(sidecar(fetcher).runs[':id'].restore.$post({ param: at(id) }));
}

/** What lies in the bin, and what emptying it would free. */
export function readBin(fetcher: Fetch): Promise<BinContent> {
  return answer(sidecar(fetcher).runs.bin.$get());
}

/** Removes the runs in the bin for good. */
export function emptyBin(fetcher: Fetch): Promise<EmptiedBin> {
  return answer(sidecar(fetcher).runs.bin.$delete());
}

/** Points of a metric; of a step that several attempts took the highest attempt's. */
interface Curve extends MetricColumn {
  readonly attempt: Int32Array;
  /** Smoothed over all stored points, where that was asked for. */
  readonly smooth?: Float64Array;
}

/** Curves of a run by metric name, and up to which event they go. */
export interface Curves {
  readonly curves: Readonly<Record<string, Curve>>;
  readonly lastSeq: number;
}

/** Curves of a run, all where no `keys` are given, thinned to about `points` a curve; `smoothing` is a weight β of `smooth`. */
export async function readCurves(
  fetcher: Fetch,
  id: string,
  {
    keys,
    points,
    smoothing = 0,
  }: { readonly keys?: readonly string[]; readonly points: number; readonly smoothing?: number },
): Promise<Curves> {
  const query = {
    points: String(points),
    ...(keys === undefined ? {} : { keys: keys.join(',') }),
    ...(smoothing === 0 ? {} : { smoothing: String(smoothing) }),
  };
  const sent = await settle(sidecar(fetcher).runs[':id'].metrics.$get({ param: at(id), query }));
  // The route answers CSV as well, so its type does not say which.
  const { series, lastSeq } = metricsAnswer.parse(await sent.json());
  const column = (values: readonly EventNumber[]) => Float64Array.from(values, fromEventNumber);
  const curves = Object.entries(series).map(([name, { step, epoch, value, time, attempt, smooth }]) => [
    name,
    {
      step: column(step),
      epoch: column(epoch),
      value: column(value),
      time: column(time),
      attempt: Int32Array.from(attempt),
      ...(smooth && { smooth: column(smooth) }),
    },
  ]);
  return { curves: Object.fromEntries(curves), lastSeq };
}

/** What a run's events say so far. */
export async function readView(fetcher: Fetch, id: string): Promise<RunView> {
  return (await answer(sidecar(fetcher).runs[':id'].view.$get({ param: at(id) }))).view;
}

/** Readings of the trainer's machine, thinned to `points` at most, and up to which event they go. */
export async function readSystem(fetcher: Fetch, id: string, points: number) {
  const query = { points: String(points) };
  return answer(sidecar(fetcher).runs[':id'].system.$get({ param: at(id), query }));
}

/** The last `tail` lines of a run's log, or of those before the event `before`, and up to which event they go. */
export async function readLogTail(fetcher: Fetch, id: string, tail: number, before?: number): Promise<LogsAnswer> {
  const query = { tail: String(tail), ...(before === undefined ? {} : { before: String(before) }) };
  const sent = await settle(sidecar(fetcher).runs[':id'].logs.$get({ param: at(id), query }));
  // The route answers plain text as well.
  return logsAnswer.parse(await sent.json());
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

/** An event as it came: between `after` and `seq` the run has none; null where this page does not know its kind. */
export interface ArrivedEvent {
  readonly after: number;
  readonly seq: number;
  readonly event: DeliveredEvent | null;
}

/** The next `limit` events of a run after `since`, as its stream delivers them. */
export async function listEvents(
  fetcher: Fetch,
  id: string,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<readonly ArrivedEvent[]> {
  const query = { since: String(since), limit: String(limit) };
  const { items } = await answer(sidecar(fetcher).runs[':id'].events.$get({ param: at(id), query }));
  return items.map((item, index) => ({
    after: items[index - 1]?.seq ?? since,
    seq: item.seq,
    event: deliveredEventSchema.safeParse(item).data ?? null,
  }));
}

/** Address of a file of a run, or of a checkpoint folder as a zip. */
export function artifactUrl(id: string, path: string, archive = false): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/api/runs/${encodeURIComponent(id)}/artifacts/${encoded}${archive ? '?archive=zip' : ''}`;
}

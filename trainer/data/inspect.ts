import { fileURLToPath } from 'node:url';
import type { Boundaries } from '#core/bars/boundaries.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { Config } from '#core/config/config.ts';
import type { DataConfig } from '#core/config/data.ts';
import type { TablePreview } from '#core/quotes/table-preview.ts';
import { AppError } from '#core/error.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import { ChildStopped, runBoundedChild } from '#trainer/child/bounded-child.ts';
import { readChildAnswer } from '#trainer/child/child-answer.ts';
import type { LoadConfig } from './load.ts';

/** A source to look at, and the folders it may lie in. */
interface PreviewRequest {
  readonly data: LoadConfig;
  readonly roots: readonly string[];
}

export interface InspectRequest extends PreviewRequest {
  readonly data: DataConfig;
  /** Names of further columns wanted in the bars. */
  readonly columns: readonly string[];
  /** Bars wanted back: the last so many. */
  readonly maxRows: number;
}

export interface InspectResult {
  readonly report: CleaningReport;
  /** Where the splits begin, found on all bars. */
  readonly boundaries: Boundaries;
  readonly fingerprint: string;
  readonly files: readonly string[];
  /** Base step, milliseconds. */
  readonly step: number;
  /** Bars in `bars`. */
  readonly rows: number;
  /** The last bars, as `encodeBars` writes them. */
  readonly bars: Buffer;
}

export interface CheckRequest {
  readonly config: Config;
  readonly roots: readonly string[];
}

interface ReadOptions {
  /** Default 30 s; of a check 10 minutes. */
  readonly timeoutMs?: number;
  /** Heap of the child in MiB; default 512, of a check 2048. */
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
}

export interface CheckOptions extends ReadOptions {
  /** Called with the share of the search that is done, 0 when the data has been read. */
  readonly progress?: (share: number) => void;
}

/** What the child is asked. */
export type ReadRequest =
  | ({ readonly task: 'inspect' } & InspectRequest)
  | ({ readonly task: 'preview' } & PreviewRequest)
  | ({ readonly task: 'check' } & CheckRequest);

const program = fileURLToPath(new URL('./inspect-process.ts', import.meta.url));

/**
 * Reads and cleans a data source in a child process with bounded time and memory, so that neither a hostile nor a
 * merely large file can stall or end the caller.
 *
 * @throws AppError what `loadBars` throws; data_unreadable where the child ran out of time or memory; the signal's
 *   reason where it was aborted
 */
export async function inspectData(request: InspectRequest, options: ReadOptions = {}): Promise<InspectResult> {
  const { result, bytes } = await read({ task: 'inspect', ...request }, options);
  return { ...(result as Omit<InspectResult, 'bars'>), bars: bytes };
}

/** The first rows of a data source, read in the same way. @throws AppError as `inspectData`, of reading alone */
export async function previewData(request: PreviewRequest, options: ReadOptions = {}): Promise<TablePreview> {
  return (await read({ task: 'preview', ...request }, options)).result as TablePreview;
}

/**
 * Looks for leaks in what a run of this configuration would be trained on, in the same way.
 * @throws AppError as `inspectData`, and what `assembleDataset` throws
 */
export async function checkData(request: CheckRequest, options: CheckOptions = {}): Promise<LeakReport> {
  const bounds = { timeoutMs: 600_000, memoryMb: 2048, ...options };
  return (await read({ task: 'check', ...request }, bounds)).result as LeakReport;
}

async function read(
  request: ReadRequest,
  { timeoutMs = 30_000, memoryMb = 512, signal, progress }: CheckOptions,
): Promise<{ readonly result: unknown; readonly bytes: Buffer }> {
  const what = request.task === 'check' ? 'check' : 'read';
  const answered = runBoundedChild({
    ...{ program, request, timeoutMs, memoryMb, signal },
    env: { TZ: 'UTC' },
    onMessage: (share) => {
      if (typeof share === 'number') progress?.(share);
    },
  });
  const bytes = await answered.catch((error: unknown) => {
    if (!(error instanceof ChildStopped)) throw error;
    if (error.reason === 'time') throw stopped(`took more than ${timeoutMs / 1000} s to ${what}`);
    const end = error.code ?? 'killed';
    throw stopped(`needed more than ${memoryMb} MiB of memory to ${what}, or ended the reader (${end})`);
  });
  return readChildAnswer(bytes);
}

function stopped(what: string): AppError {
  return new AppError('data_unreadable', `The data source ${what}. Use a smaller file, or Parquet.`, {
    issues: [{ path: 'data.source', message: what }],
  });
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { DataFile, Inspection } from '#core/bars/inspection.ts';
import type { TablePreview } from '#core/quotes/table-preview.ts';
import type { Config } from '#core/config/config.ts';
import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import {
  checkData,
  type CheckOptions,
  inspectData,
  type InspectRequest,
  type InspectResult,
  previewData,
} from '#trainer/data/inspect.ts';
import { listFiles } from '#trainer/data/list-files.ts';
import { isDataFile, realRoots } from '#trainer/data/locate.ts';
import { stateOfSource } from '#trainer/data/source-state.ts';
import { RecentAnswers } from './recent-answers.ts';

/** What the data cell asks: which files there are, what is in one, and its bars. */
export interface DataDesk {
  files(): Promise<readonly DataFile[]>;
  /**
   * Reads a source in a child process, `columns` of it besides those of the bars; who asks for the same meanwhile shares
   * the answer, and so does who asks again while its files stay as they are. The child is ended once everybody who waited
   * has left. @throws AppError of the data
   */
  inspect(data: DataConfig, columns: readonly string[], left?: AbortSignal): Promise<Inspection>;
  /** The first rows of a source, read in the same way. @throws AppError of the data. */
  preview(data: DataConfig, left?: AbortSignal): Promise<TablePreview>;
  /** Looks for leaks in a child process, two at a time. @throws AppError of the data, or of the signal. */
  check(config: Config, options: Pick<CheckOptions, 'signal' | 'progress'>): Promise<LeakReport>;
  /** The bars of a recent inspection; undefined where they are no longer kept. */
  bars(key: string): { readonly bytes: Buffer; readonly rows: number; readonly step: number } | undefined;
}

/** Newest bars that a page is shown: two years of minutes, 64 MB. */
const maxRows = 1_200_000;
/** What is kept of inspections: the bars of two at least. */
const maxBarBytes = 160 << 20;
const maxPreviewBytes = 4 << 20;
/** Each takes a core for seconds, and runs need them too. */
const mostChecks = 2;

/** A source being read, and how many wait for it. */
interface Reading {
  readonly answer: Promise<unknown>;
  readers: number;
  stop(): void;
}

/** @param roots folders that data may come from, the notebooks folder first. */
export function createDataDesk(
  roots: readonly string[],
  inspect: (request: InspectRequest, options: { signal: AbortSignal }) => Promise<InspectResult> = inspectData,
): DataDesk {
  const inspections = new RecentAnswers<InspectResult>(maxBarBytes);
  const previews = new RecentAnswers<TablePreview>(maxPreviewBytes);
  const running = new Map<string, Reading>();
  let checks = 0;

  /** Reads a source, unless it was read before and its files are as they were then. */
  async function readOnce<Answer>(
    key: string,
    source: string,
    recent: RecentAnswers<Answer>,
    sizeOf: (answer: Answer) => number,
    left: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const state = await stateOfSource(source, { roots });
    const known = recent.findSame(key, state);
    if (known !== undefined) return known;
    left?.throwIfAborted();
    return share(key, left, async (signal) => {
      const answer = await work(signal);
      // What was changed while it was read is read again.
      const isSame = (await stateOfSource(source, { roots })) === state;
      recent.put(key, { answer, bytes: sizeOf(answer), state: isSame ? state : null });
      return answer;
    });
  }

  function start(key: string, work: (signal: AbortSignal) => Promise<unknown>): Reading {
    if (running.size >= 4) {
      throw new AppError('state_conflict', 'Four data sources are being read already. Try again in a moment.');
    }
    const control = new AbortController();
    const forget = () => {
      if (running.get(key) === reading) running.delete(key);
    };
    const stop = () => {
      forget();
      control.abort(new AppError('state_conflict', 'Nobody waits for this reading any more.'));
    };
    const reading: Reading = { answer: work(control.signal).finally(forget), readers: 0, stop };
    running.set(key, reading);
    return reading;
  }

  /** Joins who asks the same at the same time. */
  async function share<Answer>(
    key: string,
    left: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const reading = running.get(key) ?? start(key, work);
    reading.readers++;
    const leave = () => {
      if (--reading.readers === 0) reading.stop();
    };
    left?.addEventListener('abort', leave, { once: true });
    try {
      return (await reading.answer) as Answer;
    } finally {
      left?.removeEventListener('abort', leave);
    }
  }

  return {
    files: () => listDataFiles(roots),
    async inspect(data, columns, left) {
      const key = keyOf([data, columns]);
      const work = (signal: AbortSignal) => inspect({ data, columns, roots, maxRows }, { signal });
      const result = await readOnce(key, data.source, inspections, ({ bars }) => bars.length, left, work);
      const { report, boundaries, step, rows, fingerprint, files } = result;
      return { report, boundaries, step, rows, fingerprint, files, key };
    },
    async preview(data, left) {
      const work = (signal: AbortSignal) => previewData({ data, roots }, { signal });
      const sizeOf = (preview: TablePreview) => JSON.stringify(preview).length;
      return readOnce(keyOf(['preview', data]), data.source, previews, sizeOf, left, work);
    },
    async check(config, options) {
      if (checks >= mostChecks) {
        throw new AppError('state_conflict', 'Two notebooks are being checked already. Try again in a moment.');
      }
      checks++;
      try {
        return await checkData({ config, roots }, options);
      } finally {
        checks--;
      }
    },
    bars(key) {
      const found = inspections.find(key);
      return found && { bytes: found.bars, rows: found.rows, step: found.step };
    },
  };
}

function keyOf(asked: unknown): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
}

/** Data files below the roots, as paths relative to the root that has them; the first of two equal paths counts. */
async function listDataFiles(roots: readonly string[]): Promise<readonly DataFile[]> {
  const found = await listFiles(await realRoots(roots), isDataFile);
  return Promise.all([...found].map(async ([path, file]) => ({ path, bytes: (await stat(file)).size })));
}

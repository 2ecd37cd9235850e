import type { EventOf } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { Fetch } from '#lib/api/request.ts';
import { type Curves, readCurves, readLogTail, readSystem, readView } from '#lib/api/runs.ts';
import type { LogLine } from './run-log.svelte.ts';

/** Points a curve: as many as the widest screen has columns, of which each may show two. */
const points = 2000;
const samples = 1000;
/** Lines of the log that are read at once. */
export const linesAtOnce = 500;

/** How a run went, with the seq up to which each part goes: what its page shows first. */
export interface RunCourse {
  readonly view: RunView;
  readonly curves: Curves;
}

/** What a run's page shows besides, each part with the seq up to which it goes. */
export interface RunRecords {
  readonly system: { readonly samples: readonly EventOf<'system'>[]; readonly lastSeq: number };
  readonly log: { readonly lines: readonly LogLine[]; readonly lastSeq: number };
}

/** Reads as much of a run's curves as a screen can show, however many events it has. */
export async function readCourse(fetcher: Fetch, id: string): Promise<RunCourse> {
  const [view, curves] = await Promise.all([readView(fetcher, id), readCurves(fetcher, id, { points })]);
  return { view, curves };
}

/** Reads as much of its readings, and the end of its log. */
export async function readRecords(fetcher: Fetch, id: string): Promise<RunRecords> {
  const [system, log] = await Promise.all([readSystem(fetcher, id, samples), readLogTail(fetcher, id, linesAtOnce)]);
  return { system, log };
}

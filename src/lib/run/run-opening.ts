import type { EventOf } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { Fetch } from '#lib/api/request.ts';
import { type Curves, readCurves, readLogTail, readSystem, readView } from '#lib/api/runs.ts';
import type { LogLine } from './run-log.ts';

/** Points a curve: as many as the widest screen has columns, of which each may show two. */
const points = 2000;
const samples = 1000;
/** Lines of the log that are read at once. */
export const linesAtOnce = 500;

/** What a run's page shows of it before it follows its events, each part with the seq up to which it goes. */
export interface RunOpening {
  readonly view: RunView;
  readonly curves: Curves;
  readonly system: { readonly samples: readonly EventOf<'system'>[]; readonly lastSeq: number };
  readonly log: { readonly lines: readonly LogLine[]; readonly lastSeq: number };
}

/** Reads as much of a run as a screen can show, however many events it has. */
export async function readOpening(fetcher: Fetch, id: string): Promise<RunOpening> {
  const [view, curves, system, log] = await Promise.all([
    readView(fetcher, id),
    readCurves(fetcher, id, { points }),
    readSystem(fetcher, id, samples),
    readLogTail(fetcher, id, linesAtOnce),
  ]);
  return { view, curves, system, log };
}

import type { ComparedRun } from '#core/api/run-diff.ts';
import type { MetricColumn } from '#core/run/series.ts';
import { type CurveAxis, runAxis, type RunPlan } from '#lib/run/run-axis.ts';
import type { Place, XAxis } from '#lib/chart/x-axis.ts';
import { formatCount, formatDuration, formatNumber } from '#lib/ui/format.ts';

/** The x that the curves of several runs share, and where on it the points of one of them stand. */
interface OverlaidAxis extends XAxis {
  /** x of each point of a column of a run; NaN where it cannot be told. */
  placeOf(run: ComparedRun, column: MetricColumn): Float64Array;
}

/** From the start of each run to the end of the longest. */
export function overlaidAxis(of: CurveAxis, runs: readonly ComparedRun[]): OverlaidAxis {
  const axes = new Map(runs.map((run) => [run.id, runAxis(of, planOf(run))]));
  const ends = [...axes.values()].flatMap(({ domain }) => (domain === null ? [] : [domain[1]]));
  const end = Math.max(...ends);
  const joint = runAxis(of, { epochs: end, steps: end, batch: 1, startedAt: 0, endsAt: end });
  const words = ({ x }: Place) => wordsOf(of, x);
  return {
    kind: `${of} of runs`,
    label: joint.label,
    isTime: false,
    domain: ends.length === 0 ? null : [0, end],
    ticks: (domain, most) => joint.ticks(domain, most),
    words,
    brief: words,
    columns: [of],
    cells: ({ x }) => [x],
    placeOf: (run, column) => axes.get(run.id)?.place(column) ?? new Float64Array(0),
  };
}

function planOf({ epochs, steps, batch, startedAt, finishedAt }: ComparedRun): RunPlan {
  const at = (iso: string | null) => (iso === null ? null : Date.parse(iso));
  return { epochs: epochs ?? 1, steps, batch, startedAt: at(startedAt), endsAt: at(finishedAt) };
}

function wordsOf(of: CurveAxis, x: number): string {
  switch (of) {
    case 'epoch':
      return Number.isInteger(x) ? `epoch ${x}` : `epoch ${formatNumber(x)}`;
    case 'step':
      return `step ${formatCount(x)}`;
    case 'samples':
      return `${formatCount(x)} samples`;
    case 'time':
      return `${formatDuration(x)} after the start`;
  }
}

import { niceTicks, wholeTicks } from '#core/chart/ticks.ts';
import type { MetricColumn } from '#core/run/series.ts';
import { tickLabel } from '#lib/chart/tick-label.ts';
import type { Place, XAxis } from '#lib/chart/x-axis.ts';
import { formatCount, formatDuration } from '#lib/ui/format.ts';

export const curveAxes = ['epoch', 'step', 'time', 'samples'] as const;
export type CurveAxis = (typeof curveAxes)[number];

/** What of a run's course is known from its start on. */
export interface RunPlan {
  readonly epochs: number;
  /** Optimizer steps of all epochs; null before the trainer has told. */
  readonly steps: number | null;
  /** Samples of a step; null before the data was read. */
  readonly batch: number | null;
  /** ms UTC; null before the start. */
  readonly startedAt: number | null;
  /** When it has ended or is expected to, ms UTC. */
  readonly endsAt: number | null;
}

type Stamped = Pick<MetricColumn, 'step' | 'time'> & { readonly epoch?: Float64Array };

/** The x that all charts of a run share. */
export interface RunAxis extends XAxis {
  readonly of: CurveAxis;
  /**
   * x of each point of a column, ascending; NaN where it cannot be told.
   *
   * @param startedAt when the run started that the column is of, ms UTC; this one unless told
   */
  place(column: Stamped, startedAt?: number | null): Float64Array;
}

const timeUnits = [
  { name: 'days', ms: 86_400_000 },
  { name: 'hours', ms: 3_600_000 },
  { name: 'minutes', ms: 60_000 },
  { name: 'seconds', ms: 1000 },
] as const;

/** From the start to the planned end, whatever has come so far: a curve grows into its frame and does not move in it. */
export function runAxis(of: CurveAxis, plan: RunPlan): RunAxis {
  const perEpoch = plan.steps === null ? null : plan.steps / plan.epochs;
  const epochsOf = (step: number) => (perEpoch === null ? NaN : step / perEpoch);
  const span = spanOf(of, plan);
  const unit = timeUnits.find(({ ms }) => (span ?? 0) >= 3 * ms) ?? timeUnits[3];

  function epochWords(step: number): string {
    const epochs = epochsOf(step);
    if (Number.isNaN(epochs)) return `step ${formatCount(step)}`;
    return Number.isInteger(epochs) ? `epoch ${epochs}` : `in epoch ${Math.ceil(epochs)}`;
  }

  function words({ x, step = NaN }: Place): string {
    const own = of === 'time' ? [formatDuration(x)] : of === 'samples' ? [`${formatCount(x)} samples`] : [];
    if (Number.isNaN(step)) return own.join('');
    const steps = perEpoch === null ? [] : [`step ${formatCount(step)}`];
    return [epochWords(step), ...steps, ...own].join(' · ');
  }

  return {
    of,
    kind: `${of} of the run`,
    label: of === 'time' ? `${unit.name} since the start` : of,
    isTime: false,
    domain: span === null ? null : [0, span],
    place({ step, time, epoch }, startedAt = plan.startedAt) {
      switch (of) {
        case 'epoch':
          return epoch ?? step.map(epochsOf);
        case 'step':
          return step;
        case 'samples':
          return step.map((one) => one * (plan.batch ?? NaN));
        case 'time':
          return sinceStart(time, startedAt ?? NaN);
      }
    },
    ticks(domain, most) {
      if (of !== 'time') {
        const ticks = wholeTicks(domain[0], domain[1], most);
        return ticks.values.map((at) => ({ at, text: tickLabel(at, ticks) }));
      }
      const ticks = niceTicks(domain[0] / unit.ms, domain[1] / unit.ms, most);
      return ticks.values
        .map((value) => ({ at: value * unit.ms, text: tickLabel(value, ticks) }))
        .filter(({ at }) => at >= domain[0] && at <= domain[1]);
    },
    words,
    brief: (place) => (place.step === undefined || Number.isNaN(place.step) ? words(place) : epochWords(place.step)),
    columns: ['step', 'epoch', 'time'],
    cells: ({ step = NaN, time = NaN }) => [
      Number.isNaN(step) ? '' : step,
      Number.isNaN(epochsOf(step)) ? '' : epochsOf(step),
      Number.isNaN(time) ? '' : new Date(time).toISOString(),
    ],
  };
}

function spanOf(of: CurveAxis, plan: RunPlan): number | null {
  const { epochs, steps, batch, startedAt } = plan;
  switch (of) {
    case 'epoch':
      return epochs;
    case 'step':
      return steps;
    case 'samples':
      return steps === null || batch === null ? null : steps * batch;
    case 'time': {
      const { endsAt } = plan;
      return startedAt === null || endsAt === null || endsAt <= startedAt ? null : endsAt - startedAt;
    }
  }
}

/** ms since the start. Steps of an attempt that was given up may have been measured before earlier ones: they stand there. */
function sinceStart(time: Float64Array, startedAt: number): Float64Array {
  const x = new Float64Array(time.length);
  let latest = 0;
  time.forEach((at, i) => {
    latest = Math.max(latest, at - startedAt);
    x[i] = latest;
  });
  return x;
}

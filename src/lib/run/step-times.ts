import type { MetricColumn } from '#core/run/series.ts';
import type { LineSeries } from '#lib/chart/line-series.ts';
import { onceRead } from './once-read.ts';
import type { RunAxis } from './run-axis.ts';
import { valuesAt } from './values-at.ts';

/** Parts of a step in the order in which they happen; each a metric `time.<part>` in ms a step. */
const stepParts = ['data', 'forward', 'backward', 'update', 'logging'] as const;

/** Where the time of a training step goes. */
export interface StepTimes {
  /** Layers of a stack, ms a step: the parts, and what none of them explains. Empty where the run tells no times. */
  readonly parts: readonly LineSeries[];
  /** Percent of the step in which the engine waited for its input. */
  readonly wait: LineSeries | null;
  /** Newest values: the whole step in ms, and the share of input wait in percent. */
  readonly latest: { readonly step: number; readonly wait: number | null } | null;
}

/**
 * The step times of a run from its `time.*` metrics, along the same axis as its curves. What is computed of them is
 * computed when a chart reads it.
 */
export function stepTimesOf(columnOf: (name: string) => MetricColumn, axis: RunAxis): StepTimes {
  const whole = columnOf('time.step');
  const steps = whole.step.length;
  if (steps === 0) return { parts: [], wait: null, latest: null };
  const at = { x: axis.place(whole), step: whole.step, time: whole.time };
  const known = stepParts.flatMap((label) => {
    const column = columnOf(`time.${label}`);
    return column.value.length === 0 ? [] : [{ label, ...at, y: valuesAt(whole.step, column) }];
  });
  const data = known.find(({ label }) => label === 'data');
  const share = (i: number) => (whole.value[i] > 0 ? (100 * (data?.y[i] ?? NaN)) / whole.value[i] : NaN);
  const rest = onceRead(() =>
    whole.value.map((step, i) => Math.max(0, step - known.reduce((sum, { y }) => sum + (y[i] || 0), 0))),
  );
  const shares = onceRead(() => whole.value.map((_, i) => share(i)));
  const other = {
    label: known.length > 0 ? 'other' : 'step',
    ...at,
    get y() {
      return rest();
    },
  };
  const wait: LineSeries = {
    label: 'input wait',
    ...at,
    role: 'train',
    area: true,
    get y() {
      return shares();
    },
  };
  return {
    parts: [...known, other],
    wait: data ? wait : null,
    latest: { step: whole.value[steps - 1], wait: data ? share(steps - 1) : null },
  };
}

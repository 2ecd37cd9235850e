import type { ComparedRun } from '#core/api/run-diff.ts';
import { isSameLoss } from '#core/run/loss-comparison.ts';
import type { Curves } from '#lib/api/runs.ts';
import type { Level, LineSeries } from '#lib/chart/line-series.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { scoreCurves } from '#lib/run/curves.ts';
import { naiveLevels } from '#lib/run/naive-levels.ts';
import type { overlaidAxis } from './overlaid-axis.ts';
import type { PlacedRun } from './placed-run.ts';

/** One chart with a line a run. */
interface OverlaidCurve {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly levels: readonly Level[];
  readonly canLog: boolean;
  readonly isExact: boolean;
  /** What of the runs it leaves out and why; null where nothing is. */
  readonly note: string | null;
}

/** Metrics to be read of each run. */
export const overlaidMetrics: readonly string[] = [
  'val.loss',
  'train.loss',
  ...scoreCurves.map(({ metric }) => `val.${metric}`),
  'lr',
  'grad_norm',
];

/** What is measured on batches is noise and signal; what is scored once an epoch is shown as it is. */
const onBatches: ReadonlySet<string> = new Set(['train.loss', 'grad_norm']);

const losses = [
  { metric: 'val.loss', title: 'validation loss' },
  { metric: 'train.loss', title: 'train loss' },
] as const;

/**
 * The curves of runs over each other, the base on top, each metric that one of them has. Losses stand together only where
 * they are the same loss: those of another unit are left out and said. The strongest naive forecast is that of the base's
 * rows.
 *
 * @param apart ids of runs whose scores do not stand beside those of the base
 */
export function overlaidCurves(
  runs: readonly PlacedRun[],
  curves: Readonly<Record<string, Curves['curves']>>,
  apart: ReadonlySet<string>,
  axis: ReturnType<typeof overlaidAxis>,
): readonly OverlaidCurve[] {
  const base = runs.find(({ isBase }) => isBase) ?? runs[0];
  const onTop = [...runs.filter((run) => run !== base), base];
  const chart = (
    title: string,
    metric: string,
    shown: readonly PlacedRun[],
    rest: Partial<OverlaidCurve> = {},
  ): readonly OverlaidCurve[] => {
    const series = shown.flatMap((placed): readonly LineSeries[] => {
      const column = curves[placed.run.id]?.[metric];
      if (column === undefined || column.value.length === 0) return [];
      const x = axis.placeOf(placed.run, column);
      if (Number.isNaN(x[0])) return [];
      const best = metric.startsWith('val.') ? bestPlace(placed.run, column.step) : null;
      return [
        {
          label: placed.label,
          look: placed.look,
          x,
          y: column.value,
          step: column.step,
          time: column.time,
          ...(column.smooth && onBatches.has(metric) && { smooth: column.smooth }),
          ...(best !== null && { mark: { x: x[best], y: column.value[best], label: 'best checkpoint' } }),
        },
      ];
    });
    return series.length === 0
      ? []
      : [{ title, series, levels: [], canLog: true, isExact: false, note: null, ...rest }];
  };
  const other = onTop.filter(({ run }) => run !== base.run && !isSameLoss(run, base.run));
  const note =
    other.length === 0
      ? null
      : `${other.map(({ label }) => label).join(', ')}: another loss than that of ${base.label}, in another unit.`;
  const alike = onTop.filter((run) => !other.includes(run));
  const strange = onTop.filter(({ run }) => apart.has(run.id)).map(({ label }) => label);
  const apartNote =
    strange.length === 0
      ? null
      : `${strange.join(', ')}: on other rows or outcomes than ${base.label}, to be looked at only.`;
  return [
    ...losses.flatMap(({ metric, title }) => chart(title, metric, alike, { note })),
    ...scoreCurves.flatMap(({ metric, title }) =>
      chart(`validation ${title}`, `val.${metric}`, onTop, {
        levels: naiveLevels(metric, { results: { validation: { baselines: base.run.baselines } } }),
        canLog: false,
        note: apartNote,
      }),
    ),
    ...chart('learning rate', 'lr', onTop, { isExact: true }),
    ...chart('gradient norm', 'grad_norm', onTop),
  ];
}

/** Index of the point of the selected checkpoint. */
function bestPlace({ bestStep }: ComparedRun, steps: Float64Array): number | null {
  if (bestStep === null) return null;
  const at = lowerBound(steps, bestStep);
  return steps[at] === bestStep ? at : null;
}

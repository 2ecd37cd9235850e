import { type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { LineSeries } from '#lib/chart/line-plot.ts';

export const curveAxes = ['epoch', 'step'] as const;
export type CurveAxis = (typeof curveAxes)[number];

/** One chart of the training panel. */
interface Curve {
  readonly title: string;
  readonly series: readonly LineSeries[];
  /** Whether a logarithmic axis makes sense. */
  readonly canLog: boolean;
  /** Whether the best checkpoint is marked. */
  readonly hasBest: boolean;
  /** Smaller: it explains the others. */
  readonly minor: boolean;
}

type Results = Readonly<
  Record<string, { readonly baselines: Readonly<Record<string, Readonly<Record<string, EventNumber>>>> }>
>;

/** Curves of another run to compare with, under its name, e.g. "R12". */
export interface Ghost {
  readonly label: string;
  readonly columns: Readonly<Record<string, MetricColumn>>;
}

/** Metrics of which a parent's curve is drawn behind its child's. */
export const ghostMetrics = ['val.loss', 'val.da', 'val.f1', 'val.rmse'] as const;

const scores = [
  { metric: 'da', title: 'directional accuracy', baseline: 'majority' },
  { metric: 'f1', title: 'F1, macro', baseline: 'majority' },
  { metric: 'rmse', title: 'RMSE', baseline: 'zero' },
] as const;

/**
 * The charts of the metrics that have come: loss, the loss of each task, scores beside their naive baseline, learning
 * rate and gradient norm. Nothing is drawn for what a run does not have.
 */
export function curvesOf(
  names: readonly string[],
  columnOf: (name: string) => MetricColumn,
  axis: CurveAxis,
  results: Results = {},
  ghost: Ghost | null = null,
): readonly Curve[] {
  const has = (name: string) => names.includes(name);
  const line = (name: string, label: string, role: LineSeries['role']): LineSeries => {
    const column = columnOf(name);
    return { label, role, x: column[axis], y: column.value, style: role === 'validation' ? 'dashed' : 'solid' };
  };
  /** The parent's curve of a metric, pale behind the run's own. */
  const behind = (name: string): readonly LineSeries[] => {
    const column = ghost?.columns[name];
    if (!ghost || !column) return [];
    return [{ label: ghost.label, role: 'parent', style: 'dashed', x: column[axis], y: column.value }];
  };
  const pair = (title: string, train: string, validation: string, minor: boolean): Curve => ({
    title,
    series: [
      ...behind(validation),
      ...(has(train) ? [line(train, 'train', 'train')] : []),
      ...(has(validation) ? [line(validation, 'validation', 'validation')] : []),
    ],
    canLog: true,
    hasBest: true,
    minor,
  });
  const tasks = names.flatMap((name) => /^train\.(.+)\.loss$/.exec(name)?.[1] ?? []);
  const curves: Curve[] = [];
  if (has('train.loss') || has('val.loss')) curves.push(pair('loss', 'train.loss', 'val.loss', false));
  for (const { metric, title, baseline } of scores) {
    const name = `val.${metric}`;
    if (!has(name)) continue;
    const own = line(name, 'validation', 'validation');
    const flat = results.validation?.baselines[baseline]?.[metric];
    const naive = flat === undefined ? [] : [level(own, baseline, fromEventNumber(flat))];
    const series = [...behind(name), own, ...naive];
    curves.push({ title, series, canLog: false, hasBest: true, minor: false });
  }
  if (tasks.length > 1) {
    for (const task of tasks) curves.push(pair(`${task} loss`, `train.${task}.loss`, `val.${task}.loss`, true));
  }
  if (has('lr')) {
    curves.push({
      title: 'learning rate',
      series: [line('lr', 'rate', 'train')],
      canLog: true,
      hasBest: false,
      minor: true,
    });
  }
  if (has('grad_norm')) {
    const series = [line('grad_norm', 'norm', 'train')];
    curves.push({ title: 'gradient norm', series, canLog: true, hasBest: false, minor: true });
  }
  return curves;
}

/** A horizontal line as long as another series. */
function level(like: LineSeries, label: string, value: number): LineSeries {
  const ends = like.x.length > 0 ? [like.x[0], like.x[like.x.length - 1]] : [];
  return { label, role: 'baseline', style: 'dashed', x: ends, y: ends.map(() => value) };
}

import { smooth } from '#core/chart/smooth.ts';
import { lowerBound } from '#core/lower-bound.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { Level, LineMark, LineSeries } from '#lib/chart/line-series.ts';
import { type LevelMetric, naiveLevels, type NaiveSource } from './naive-levels.ts';
import { onceRead } from './once-read.ts';
import type { RunAxis } from './run-axis.ts';
import { valuesAt } from './values-at.ts';

/** One chart of the training panel. Its columns are read when a chart reads them, so that one out of view costs nothing. */
interface Curve {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly levels: readonly Level[];
  /** Where the selected checkpoint stands, with what this chart's metric was there. */
  readonly marks: readonly LineMark[];
  /** Whether a logarithmic axis makes sense. */
  readonly canLog: boolean;
  /** Whether it was planned and not measured, so that nothing is an outlier. */
  readonly isExact: boolean;
  /** Smaller: it explains the others. */
  readonly minor: boolean;
}

/** Curves of another run to compare with, under its name, e.g. "R12". */
export interface Ghost {
  readonly label: string;
  /** ms UTC; null where that is not known. */
  readonly startedAt: number | null;
  readonly columns: Readonly<Record<string, MetricColumn>>;
}

/** Whether no curve of another run has a place on this axis: no times are stored of them. */
export function isHidden({ columns, startedAt }: Ghost, axis: RunAxis): boolean {
  const hasNoPlace = (column: MetricColumn) => Number.isNaN(axis.place(column, startedAt)[0]);
  return axis.of === 'time' && Object.values(columns).every(hasNoPlace);
}

/** Metrics of which a parent's curve is drawn behind its child's. */
export const ghostMetrics = ['val.loss', 'val.da', 'val.f1', 'val.rmse'] as const;

export const scoreCurves = [
  { metric: 'da', title: 'directional accuracy' },
  { metric: 'f1', title: 'F1, macro' },
  { metric: 'rmse', title: 'RMSE' },
] as const;

/** What charts are made of. */
interface Source {
  /** Metrics that have come, and their columns. */
  readonly names: readonly string[];
  columnOf(name: string): MetricColumn;
  readonly axis: RunAxis;
  /** Weight β of `smooth`, for what is measured on batches. */
  readonly smoothing?: number;
  /** What naive forecasts of the same rows are known from. */
  readonly naive?: NaiveSource;
  readonly ghost?: Ghost | null;
  /** Step of the selected checkpoint. */
  readonly bestStep?: number | null;
}

/**
 * The charts of the metrics that have come: loss, the loss of each task, scores beside their naive baseline, learning
 * rate and gradient norm. Nothing is drawn for what a run does not have.
 */
export function curvesOf(source: Source): readonly Curve[] {
  const { names, columnOf, axis, smoothing = 0, naive = { results: {} }, ghost = null } = source;
  const has = (name: string) => names.includes(name);
  const lineOf = (
    column: MetricColumn,
    label: string,
    role: LineSeries['role'],
    startedAt?: number | null,
  ): LineSeries => {
    const { step, time, value } = column;
    return { label, role, x: axis.place(column, startedAt), y: value, step, time };
  };
  const validation = (name: string): LineSeries => {
    const line = lineOf(columnOf(name), 'validation', 'validation');
    if (!has(`${name}_low`) || !has(`${name}_high`)) return line;
    const { step } = columnOf(name);
    const edge = (which: string) => valuesAt(step, columnOf(`${name}_${which}`));
    return { ...line, band: { low: edge('low'), high: edge('high') } };
  };
  const onBatches = (name: string, label: string): LineSeries => {
    const line = lineOf(columnOf(name), label, 'train');
    if (smoothing === 0) return line;
    const smoothed = onceRead(() => smooth(line.y, smoothing));
    return {
      ...line,
      get smooth() {
        return smoothed();
      },
    };
  };
  /** The parent's curve of a metric, pale behind the run's own. */
  const behind = (name: string): readonly LineSeries[] => {
    const column = ghost?.columns[name];
    if (!ghost || !column) return [];
    const line = lineOf(column, ghost.label, 'parent', ghost.startedAt);
    return Number.isNaN(line.x[0]) ? [] : [line];
  };
  const marksOn = (metric: string | null): readonly LineMark[] => {
    const best = bestPlace(source);
    if (best === null) return [];
    const y = metric === null ? null : (valueAtStep(columnOf(metric), best.step) ?? null);
    return [{ ...best, y, label: 'best checkpoint' }];
  };
  /** @param metric the one that has a value at a checkpoint; null where the chart has none */
  const chart = (
    title: string,
    metric: string | null,
    read: () => readonly LineSeries[],
    rest: Partial<Curve> = {},
  ): Curve => ({
    title,
    get series() {
      return read();
    },
    levels: [],
    get marks() {
      return marksOn(metric);
    },
    canLog: true,
    isExact: false,
    minor: true,
    ...rest,
  });
  const levelsOf = (metric: LevelMetric) => naiveLevels(metric, naive);
  const pair = (title: string, train: string, name: string, rest: Partial<Curve> = {}): Curve =>
    chart(
      title,
      has(name) ? name : null,
      () => [
        ...behind(name),
        ...(has(train) ? [onBatches(train, 'train')] : []),
        ...(has(name) ? [validation(name)] : []),
      ],
      rest,
    );

  const curves: Curve[] = [];
  if (has('train.loss') || has('val.loss')) {
    curves.push(pair('loss', 'train.loss', 'val.loss', { minor: false, levels: levelsOf('loss') }));
  }
  for (const { metric, title } of scoreCurves) {
    const name = `val.${metric}`;
    if (!has(name)) continue;
    const rest = { levels: levelsOf(metric), canLog: false, minor: false };
    curves.push(chart(title, name, () => [...behind(name), validation(name)], rest));
  }
  const tasks = names.flatMap((name) => /^train\.(.+)\.loss$/.exec(name)?.[1] ?? []);
  if (tasks.length > 1) {
    for (const task of tasks) curves.push(pair(`${task} loss`, `train.${task}.loss`, `val.${task}.loss`));
  }
  if (has('lr')) {
    curves.push(chart('learning rate', null, () => [lineOf(columnOf('lr'), 'rate', 'train')], { isExact: true }));
  }
  if (has('grad_norm')) curves.push(chart('gradient norm', null, () => [onBatches('grad_norm', 'norm')]));
  return curves;
}

/** Where the selected checkpoint stands; null before there is one. */
export function bestPlace({
  names,
  columnOf,
  axis,
  bestStep = null,
}: Pick<Source, 'names' | 'columnOf' | 'axis' | 'bestStep'>): { readonly x: number; readonly step: number } | null {
  const name = names.find((one) => one.startsWith('val.'));
  if (bestStep === null || name === undefined) return null;
  const column = columnOf(name);
  // Of a long run the point itself may be left out of its curve.
  const [x = NaN] = valuesAt(Float64Array.of(bestStep), { step: column.step, value: axis.place(column) });
  return Number.isNaN(x) ? null : { x, step: bestStep };
}

function valueAtStep({ step, value }: MetricColumn, wanted: number): number | undefined {
  const at = lowerBound(step, wanted);
  return step[at] === wanted ? value[at] : undefined;
}

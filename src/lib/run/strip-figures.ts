import { valueAt } from '#core/config/document.ts';
import { metricLabel } from '#core/metrics/glossary.ts';
import { lossMetric } from '#core/run/loss-comparison.ts';
import type { MetricColumn } from '#core/run/series.ts';
import type { SparkLine } from '#lib/chart/sparkline.ts';
import type { LevelMetric } from './naive-levels.ts';

/** What stands in the strip of a run beside its loss where the checkpoint is chosen by the loss: the first that it has. */
const scores = ['val.da', 'val.rmse', 'val.f1'];

/** A figure of the strip. */
interface StripFigure {
  readonly place: 'loss' | 'score';
  /** Metric name, with its split. */
  readonly name: string;
  /** As the strip calls it: "loss", "DA". */
  readonly label: string;
  readonly split: 'train' | 'validation';
  /** Naive forecasts are known of it under this name. */
  readonly level: LevelMetric | null;
}

/**
 * The figures of a run's strip: its loss, that of the batches before anything is validated, and the metric that its
 * checkpoint is chosen by, or the first score where that is the loss.
 *
 * @param names metrics that have come
 */
export function stripFigures(config: unknown, names: readonly string[]): readonly StripFigure[] {
  const has = (name: string) => names.includes(name);
  const loss: readonly StripFigure[] = has(lossMetric)
    ? [{ place: 'loss', name: lossMetric, label: 'loss', split: 'validation', level: 'loss' }]
    : has('train.loss')
      ? [{ place: 'loss', name: 'train.loss', label: 'loss', split: 'train', level: null }]
      : [];
  const selected = valueAt(config, ['train', 'select', 'metric']);
  const wanted = typeof selected === 'string' && selected !== lossMetric ? [selected, ...scores] : scores;
  const score = wanted.find(has);
  if (score === undefined) return loss;
  const split = score.startsWith('train.') ? 'train' : 'validation';
  const bare = score.replace(/^(val|train)\./, '');
  const level = split === 'validation' ? levelOf(bare) : null;
  return [...loss, { place: 'score', name: score, label: metricLabel(bare), split, level }];
}

function levelOf(name: string): LevelMetric | null {
  return name === 'da' || name === 'f1' || name === 'rmse' ? name : null;
}

/** A run's curve by epoch with that of its parent behind it. */
export function stripLines(own: MetricColumn, parent: MetricColumn | undefined): readonly SparkLine[] {
  const behind: readonly SparkLine[] = parent ? [{ x: parent.epoch, y: parent.value, role: 'parent' }] : [];
  return [...behind, { x: own.epoch, y: own.value, role: 'own' }];
}

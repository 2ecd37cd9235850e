import type { DatasetReport } from '#core/dataset/dataset.ts';
import { barToBeat } from '#core/metrics/bar-to-beat.ts';
import { baselineTerm } from '#core/metrics/glossary.ts';
import { type EventNumber, fromEventNumber } from '#core/run/event.ts';
import type { Level } from '#lib/chart/line-series.ts';

/** Of the forecasts named the strongest is what a score must beat. */
const rivals = {
  da: ['majority', 'coin'],
  f1: ['majority', 'coin'],
  rmse: ['zero'],
} as const;
export type LevelMetric = keyof typeof rivals | 'loss';

/** What naive forecasts are known from. */
export interface NaiveSource {
  readonly results: Readonly<
    Record<string, { readonly baselines: Readonly<Record<string, Readonly<Record<string, EventNumber>>>> }>
  >;
  /** Share of up in each split by task, known before anything is scored. */
  readonly balance?: DatasetReport['balance'];
  /** The whole loss in words, as a run's summary has it. */
  readonly loss?: string | null;
}

/**
 * What a naive forecast of the validation rows has of a metric: of the result where there is one, before that what the
 * shares of up in train and validation come to. Null where it is not known.
 */
export function naiveLevel(metric: LevelMetric, { results, balance = {}, loss = null }: NaiveSource): Level | null {
  const baselines = results.validation?.baselines;
  if (metric === 'loss') return naiveLoss(baselines, balance, loss);
  const known = rivals[metric].flatMap((name) => {
    const value = baselines?.[name]?.[metric];
    return value === undefined ? [] : [{ label: baselineTerm(name).label, y: fromEventNumber(value) }];
  });
  const strongest = known.sort((a, b) => b.y - a.y)[0];
  if (strongest || baselines || metric !== 'da') return strongest ?? null;
  const [task, ...others] = Object.values(balance);
  if (!task || others.length > 0) return null;
  const majority = task.train >= 0.5 ? task.validation : 1 - task.validation;
  const bar = barToBeat(majority);
  return { label: baselineTerm(bar > 0.5 ? 'majority' : 'coin').label, y: bar };
}

/** The same as a chart takes it. */
export function naiveLevels(metric: LevelMetric, source: NaiveSource): readonly Level[] {
  const level = naiveLevel(metric, source);
  return level === null ? [] : [level];
}

/** Mean surprise at the sides of validation of who always gives the share of up in train: only a plain loss of one task is that. */
function naiveLoss(
  baselines: NaiveSource['results'][string]['baselines'] | undefined,
  balance: NonNullable<NaiveSource['balance']>,
  loss: string | null,
): Level | null {
  if (!/^bce of \S+ \(label smoothing 0\)$/.test(loss ?? '')) return null;
  const { label } = baselineTerm('train_mean');
  const scored = baselines?.['train_mean']?.['log_loss'];
  if (scored !== undefined) return { label, y: fromEventNumber(scored) };
  const [task] = Object.values(balance);
  if (!task) return null;
  const { train, validation } = task;
  const y = -(validation * Math.log(train) + (1 - validation) * Math.log(1 - train));
  return Number.isFinite(y) ? { label, y } : null;
}

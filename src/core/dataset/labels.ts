import { z } from 'zod';
import type { Bars } from '#core/bars/bars.ts';
import { type Boundaries, rowsBeforeTest } from '#core/bars/boundaries.ts';
import { histogram, histogramSchema } from '#core/chart/histogram.ts';
import type { DataConfig } from '#core/config/data.ts';
import type { TargetsConfig } from '#core/config/targets.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import { splitChronologically } from './chronological.ts';
import { datasetReportSchema, type SplitName } from './dataset.ts';
import { balanceOf, fitTask, measureOutcomes, rawTasks } from './task.ts';

const splitRows = z.object({
  rows: z.int(),
  from: z.number().nullable().describe('Opening time of the first and the last of them, ms; null where there is none'),
  to: z.number().nullable(),
});

/** The labels that bars have, whatever the features and the windows make of their rows. Nothing is said of those of the test. */
export const labelCountSchema = z
  .object({
    step: z.number().describe('Distance of two bars, ms'),
    rows: z.int().describe('Bars'),
    unlabelled: z.int().describe('Rows without a label: the last ones of each stretch'),
    balance: datasetReportSchema.shape.balance,
    splits: z
      .object({ train: splitRows, validation: splitRows, test: splitRows })
      .describe('Rows of each split of which is known what comes'),
    purged: z.int(),
    embargoed: z.int(),
    afterUntil: z.int().describe('Rows that open at data.split.until or later'),
    tasks: z
      .array(
        z.object({
          name: z.string(),
          kind: z.string(),
          mean: z.number().describe('By which labels are standardised, fitted on train; 0 and 1 where they are not'),
          sd: z.number(),
          histogram: histogramSchema.describe('Of the labels before the test'),
        }),
      )
      .readonly(),
  })
  .meta({ ref: 'LabelCount' });
export type LabelCount = Readonly<z.infer<typeof labelCountSchema>>;

/** Counts the labels of data and targets alone, over the rows of each split of which is known what comes. */
export function countLabels(
  bars: Bars,
  { split }: DataConfig,
  targets: TargetsConfig,
  boundaries: Boundaries,
): LabelCount {
  const rows = bars.time.length;
  const outcomes = measureOutcomes(bars, targets);
  const measured = [...outcomes.values()];
  const known = indicesWhere(rows, (row) => measured.every((outcome) => !Number.isNaN(outcome[row])));
  const cut = splitChronologically(known, bars.time, boundaries, split, targets.horizon);
  const tasks = rawTasks(outcomes, targets);
  const end = rowsBeforeTest(bars.time, boundaries);
  const count = (name: SplitName) => {
    const own = cut.samples[name];
    return { rows: own.length, from: bars.time[own[0]] ?? null, to: bars.time[own[own.length - 1]] ?? null };
  };
  return {
    step: bars.step,
    rows,
    unlabelled: rows - known.length,
    balance: balanceOf(tasks, cut.samples),
    splits: { train: count('train'), validation: count('validation'), test: count('test') },
    purged: cut.purged,
    embargoed: cut.embargoed,
    afterUntil: cut.afterUntil,
    tasks: tasks.map((task) => {
      const { mean, sd } = fitTask(task, cut.samples.train);
      return { name: task.name, kind: task.kind, mean, sd, histogram: histogram(task.raw.subarray(0, end)) };
    }),
  };
}

import { z } from 'zod';
import { boundariesSchema } from '#core/bars/inspection.ts';
import type { Config } from '#core/config/config.ts';
import type { ScalerState } from '#core/features/scaler.ts';
import type { TargetKind } from '#core/targets/registry.ts';

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];
/** A split that is scored. */
export type ScoredSplit = Exclude<SplitName, 'train'>;

/** The cells that a dataset is made of. */
export type DatasetConfig = Pick<Config, 'data' | 'features' | 'targets' | 'model'>;

/** One thing to predict, with its labels for every row. */
export interface Task {
  readonly name: string;
  readonly kind: TargetKind;
  /** Labels in target units (log return, or 0/1), NaN where there is none. Length = rows. */
  readonly raw: Float64Array;
  /** What the model is trained on: `raw` standardised as the scale of the target wants it; 0 where NaN. */
  readonly labels: Float32Array;
  /** Mean and sd by which `labels` were standardised: those of the train labels, or 0 and 1 where labels are binary. */
  readonly mean: number;
  readonly sd: number;
}

/**
 * What a model is trained on. A sample is a row index i: its input window is rows i−lookback+1 … i of `features`,
 * its labels are those of row i. Windows are gathered a batch at a time and never materialised.
 */
export interface Dataset {
  /** Names of the F feature columns, e.g. `1h.rsi_14`; the order of the model's input. */
  readonly names: readonly string[];
  readonly rows: number;
  /** Scaled features, row major, rows × F; 0 where a value is missing (such rows are in no sample's window). */
  readonly features: Float32Array;
  /** Opening time of each row's bar and its decision time (the bar's close), ms UTC. */
  readonly time: Float64Array;
  readonly decision: Float64Array;
  /** Close price of each row (for baselines and pictures). */
  readonly close: Float64Array;
  readonly lookback: number;
  readonly horizon: number;
  readonly tasks: readonly Task[];
  /** Row indices, ascending. A row may lack the label of a task: it counts in the loss and score of the others. */
  readonly samples: Readonly<Record<SplitName, Int32Array>>;
  /** Rows that could be samples whatever the features and the lookback; those of `samples` are among them. */
  readonly eligible: Readonly<Record<ScoredSplit, Int32Array>>;
  /** What comes of each row, in target units: one array for each kind of outcome that the tasks ask for; NaN where unknown. */
  readonly outcomes: readonly Float64Array[];
  readonly scaler: ScalerState;
  readonly report: DatasetReport;
}

const bySplit = <Value extends z.ZodType>(value: Value) => z.object({ train: value, validation: value, test: value });

/**
 * Every count that a person needs to trust the data; goes to data.json and to the page. Each row is counted once, under
 * the first that applies: bars = warmupRows + unlabelledRows + brokenWindows + afterUntil + embargoed + purged + all
 * samples.
 */
export const datasetReportSchema = z
  .object({
    baseStep: z.number().describe('Distance of two bars, ms'),
    timeframes: z.array(z.string()).readonly(),
    bars: z.int().describe('Rows of the bars that came in'),
    warmupRows: z.int().describe('Rows with a missing feature: warm-up in all segments together'),
    warmupBars: z.int().describe('The longest warm-up in base bars'),
    unlabelledRows: z.int().describe('Rows of which is not known what comes: the last of a segment'),
    brokenWindows: z.int().describe('Rows whose window would cross a break or touch a missing value further back'),
    purged: z.int(),
    embargoed: z.int(),
    afterUntil: z.int().describe('Rows that open at data.split.until or later'),
    samples: bySplit(z.int()).readonly(),
    splitAt: boundariesSchema.describe('Where the splits begin, as instants that opening times are compared with'),
    boundaries: bySplit(z.tuple([z.number(), z.number()]).readonly().nullable())
      .readonly()
      .describe('First and last decision time of the samples of each split, ms; null where it is empty'),
    balance: z
      .record(z.string(), z.object({ train: z.number(), validation: z.number() }).readonly())
      .readonly()
      .describe(
        'Share of positive labels among those that there are, for each task with binary labels; not that of the sealed test',
      ),
    notes: z
      .array(z.string())
      .readonly()
      .describe('Columns dropped and why (constant on train, no volume), and other remarks'),
  })
  .meta({ ref: 'DatasetReport' });
export type DatasetReport = Readonly<z.infer<typeof datasetReportSchema>>;

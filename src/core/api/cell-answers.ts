import { z } from 'zod';
import { inspectionSchema } from '#core/bars/inspection.ts';
import { histogramSchema } from '#core/chart/histogram.ts';
import { datasetReportSchema } from '#core/dataset/dataset.ts';
import { labelCountSchema } from '#core/dataset/labels.ts';
import { engineNames } from '#core/engines/registry.ts';
import { evaluationSchema } from '#core/run/evaluation.ts';
import { memoryReport } from '#core/run/memory-report.ts';
import { failureSchema } from './problem.ts';
import { forkRunRequest, checkRequest, runIdSchema } from './run-requests.ts';

/** The cells that run by themselves, in the order of the page; running `train` is POST /runs. */
export const cellKinds = ['data', 'features', 'targets', 'model', 'loss'] as const;
export type CellKind = (typeof cellKinds)[number];

/** Body of POST /notebooks/{slug}/cells/{kind}; `{}` runs the cell of the notebook's file. */
export const runCellRequest = z
  .strictObject({
    source: checkRequest.shape.source,
    config: checkRequest.shape.config,
    overrides: forkRunRequest.shape.overrides,
    fork: runIdSchema
      .optional()
      .describe(
        'The cell is of a changed copy of this run: `source` and `overrides` are those of POST /runs/{id}/fork',
      ),
    bars: forkRunRequest.shape.bars,
    version: z.int().min(0).default(0).describe('Comes back in every line, so that a late answer is known'),
    wait: z
      .boolean()
      .default(false)
      .describe('model: wait until the engine is free, instead of showing its last measurement'),
  })
  .meta({ ref: 'RunCellRequest', examples: [{ version: 1 }] });
export type RunCellRequest = z.input<typeof runCellRequest>;

/** The whole source, loaded and cleaned. */
const dataResult = z
  .object({
    step: z.literal('data'),
    ...inspectionSchema.omit({ key: true, rows: true, step: true }).shape,
    baseStep: z.number().describe('Base step, ms'),
  })
  .meta({ ref: 'DataCellResult' });

/** The whole matrix of features, before it is scaled. What is drawn of it ends where the test begins. */
const featuresResult = z
  .object({
    step: z.literal('features'),
    names: z.array(z.string()).readonly().describe('Columns, in the order of the model’s input'),
    timeframes: z.array(z.string()).readonly(),
    warmup: z.int().describe('The longest warm-up of all, bars'),
    warmups: z.array(z.int()).readonly().describe('Of each column'),
    notes: z.array(z.string()).readonly().describe('What was left out, and why'),
    bars: z.int().describe('Rows of the matrix'),
    rows: z.int().describe('Rows before the test, which the figures below are of'),
    missing: z.array(z.int()).readonly().describe('Of each column: rows without a value'),
    mean: z.array(z.number().nullable()).readonly(),
    sd: z.array(z.number().nullable()).readonly(),
    histograms: z.array(histogramSchema).readonly(),
    correlation: z
      .array(z.array(z.number().nullable()).readonly())
      .readonly()
      .describe('Pearson’s, over up to 100,000 of the rows that have every value; null where a column does not move'),
    time: z.array(z.number()).readonly().describe('Opening times of the newest of those rows, ms'),
    columns: z
      .array(z.array(z.number().nullable()).readonly())
      .readonly()
      .describe('Values of each column at `time`; null where there is none'),
  })
  .meta({ ref: 'FeaturesCellResult' });

/** The labels of all bars, and where the splits cut them. */
const targetsResult = z
  .object({ step: z.literal('targets'), labels: labelCountSchema, splitAt: datasetReportSchema.shape.splitAt })
  .meta({ ref: 'TargetsCellResult' });

/** Real training steps of a model on an engine. */
export const speedSchema = z
  .object({
    engine: z.enum(engineNames),
    device: z.string(),
    samplesPerSecond: z.number().describe('Windows trained a second'),
    stepMs: z.number().describe('One step of a batch, ms'),
    scoredPerSecond: z.number().describe('Windows scored a second'),
    openSeconds: z.number().describe('From the engine’s opening to the end of its first step'),
    steps: z.int().describe('Steps that were timed'),
    memory: memoryReport.nullable().describe('What those steps took at most'),
    at: z.string().describe('When it was measured, ISO time'),
  })
  .meta({ ref: 'Speed' });
export type Speed = Readonly<z.infer<typeof speedSchema>>;

/** The network, built and timed. */
const modelResult = z
  .object({
    step: z.literal('model'),
    parameters: z.int(),
    inputs: z.int().describe('Columns that reach the model'),
    outputs: z.int(),
    samples: datasetReportSchema.describe('The windows that data, features, targets and lookback leave'),
    evaluation: evaluationSchema,
    bytes: z.number().describe('Memory that training is estimated to need'),
    why: z.string().describe('Why this engine, in a sentence'),
    speed: speedSchema.nullable().describe('Null where this model was never timed on this engine'),
    isLast: z.boolean().describe('`speed` is an earlier measurement, since none could be made now'),
    note: z.string().nullable().describe('Why none could be made now'),
    eta: z
      .object({
        seconds: z.number().describe('Of the whole training, if it goes through all epochs'),
        epochs: z.int(),
        steps: z.int(),
      })
      .nullable(),
  })
  .meta({ ref: 'ModelCellResult' });

/** The loss before anything is learned. */
const lossResult = z
  .object({
    step: z.literal('loss'),
    terms: z
      .array(
        z.object({
          task: z.string(),
          kind: z.string(),
          weight: z.number(),
          start: z.number().nullable().describe('Mean loss of the untrained network; null where no window has a label'),
          zero: z
            .number()
            .nullable()
            .describe('Mean loss of an output of zero: the mean return, or a share of one half'),
          share: z.number().nullable().describe('Of the whole loss at the start, weighted, 0 … 1'),
        }),
      )
      .readonly(),
    total: z.object({ start: z.number().nullable(), zero: z.number().nullable() }),
    windows: z.int().describe('Train windows that `start` is the mean over'),
    engine: z.enum(engineNames),
  })
  .meta({ ref: 'LossCellResult' });

export const cellResultSchema = z
  .discriminatedUnion('step', [dataResult, featuresResult, targetsResult, modelResult, lossResult])
  .meta({ ref: 'CellResult' });
export type CellResult = Readonly<z.infer<typeof cellResultSchema>>;
export type CellResultOf<Kind extends CellKind> = Extract<CellResult, { readonly step: Kind }>;

const version = z.int().describe('That of the request');
const step = z.enum(cellKinds);

/**
 * One line of the answer of POST /notebooks/{slug}/cells/{kind}: any number that say how far it is, one with `from` for
 * each step that is done, the cell’s ancestors first, then one with `result` or `error`.
 */
export const cellLineSchema = z
  .union([
    z.object({
      version,
      step,
      share: z.number().nullable().describe('Done so far, 0 … 1; null where that is not known'),
      doing: z.string().describe('In words'),
    }),
    z.object({
      version,
      step,
      from: z.enum(['cache', 'computed']),
      why: z.string().describe('Why it was, or was not, there already'),
      seconds: z.number().describe('It took'),
      saved: z
        .number()
        .describe('Seconds that were spared: those that it took when it was computed; 0 where it was now'),
    }),
    z.object({ version, result: cellResultSchema }),
    z.object({ version, error: failureSchema }),
  ])
  .meta({ ref: 'CellLine' });
export type CellLine = z.input<typeof cellLineSchema>;

/** DELETE /notebooks/{slug}/cells/{kind}. */
export const endedCellsAnswer = z
  .object({ ended: z.int().describe('How many were running, or waited') })
  .meta({ ref: 'EndedCells' });

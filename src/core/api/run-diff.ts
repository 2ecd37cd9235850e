import { z } from 'zod';
import { eventNumber } from '#core/run/event.ts';
import { edgeSchema } from '#core/run/result.ts';
import { runSummarySchema } from '#core/run/summary.ts';

/** What one run has under a key. */
const diffValue = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('known'), value: z.unknown() }),
    z.object({ state: z.literal('absent').describe('Its configuration has no such key') }),
    z.object({ state: z.literal('unknown').describe('Not recorded, or not yet') }),
  ])
  .meta({ ref: 'DiffValue' });
export type DiffValue = z.infer<typeof diffValue>;

const diffRow = z
  .object({
    key: z.string().describe('Dotted, without the cell'),
    type: z.enum(['number', 'text', 'boolean', 'list', 'map', 'none', 'mixed']),
    values: z.array(diffValue).readonly().describe('One a run, in the order of `runs`'),
    equal: z.boolean(),
  })
  .meta({ ref: 'DiffRow' });
export type DiffRow = z.infer<typeof diffRow>;

const diffCell = z
  .object({
    cell: z
      .string()
      .describe('data, features, targets, model, loss, train; around: what a run was made with; course: how it went'),
    rows: z.array(diffRow).readonly(),
  })
  .meta({ ref: 'DiffCell' });
export type DiffCell = z.infer<typeof diffCell>;

/** better, worse: shown; none: not shown; unknown: too few rows to tell. */
const findingSchema = z.enum(['better', 'worse', 'none', 'unknown']);
export type Finding = z.infer<typeof findingSchema>;

const pairedScore = z
  .object({
    metric: z.string().describe('Without the split: da, f1, log_loss, brier, rmse, mae or ic'),
    value: eventNumber,
    difference: eventNumber.describe('Of the run less that of the base'),
    low: z
      .number()
      .nullable()
      .describe('Lower end of the 95 % interval of the difference; null where the rows are too few'),
    high: z.number().nullable(),
    rows: z.int().describe('Common rows that have a label'),
    test: z
      .object({
        statistic: z.number().describe('Diebold–Mariano’s, above 0 where the run is better'),
        p: z.number().describe('Two-sided'),
        adjusted: z.number().describe('The same for as many runs as are compared with the base (Holm)'),
      })
      .nullable()
      .describe('Null of a metric that is no mean of losses, and where no loss differs'),
    finding: findingSchema,
    withinSeeds: z
      .boolean()
      .nullable()
      .describe('Whether runs of equal configuration and other seeds differ as much; null where that is not known'),
  })
  .meta({ ref: 'PairedScore' });
export type PairedScore = z.infer<typeof pairedScore>;

const splitScores = z
  .object({
    reason: z.string().nullable().describe('Why there are none'),
    n: z.int().describe('Rows that all comparable runs predicted'),
    nEff: z.number().describe('What they count as: n over the horizon'),
    from: z.number().nullable().describe('First of them, ms UTC'),
    to: z.number().nullable(),
    base: z.record(z.string(), eventNumber).describe('Scores of the base on these rows'),
    runs: z
      .array(
        z.object({
          id: z.string(),
          rows: z.int().describe('Rows that it predicted itself'),
          reason: z.string().nullable().describe('Why its scores cannot stand beside those of the base'),
          same: z.boolean().describe('Whether it says the same as the base at every common row'),
          scores: z.array(pairedScore).readonly(),
        }),
      )
      .readonly()
      .describe('All but the base'),
    notes: z.array(z.string()).readonly().describe('What is left out and why'),
  })
  .meta({ ref: 'SplitScores' });
export type SplitScores = z.infer<typeof splitScores>;

const seedRuns = z
  .object({
    runs: z
      .array(z.object({ id: z.string(), number: z.int(), seed: z.number(), status: runSummarySchema.shape.status }))
      .readonly()
      .describe('Runs that differ from it by their seed alone, itself included'),
    spread: z
      .record(z.string(), z.object({ sd: z.number(), n: z.int() }))
      .describe('Standard deviation of their validation scores (ddof 1) by metric; of two completed ones at least'),
    missing: z.array(z.int()).readonly().describe('Seeds that would make it three'),
    seconds: z.number().nullable().describe('How long a further one takes, as long as this took'),
  })
  .meta({ ref: 'SeedRuns' });
export type SeedRuns = z.infer<typeof seedRuns>;

const comparedRun = runSummarySchema
  .pick({ id: true, number: true, name: true, status: true, notebook: true, parent: true, createdAt: true })
  .extend({
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    bestEpoch: z.int().nullable(),
    bestStep: z.int().nullable(),
    epochs: z.int().nullable(),
    steps: z.int().nullable().describe('Optimizer steps of all its epochs'),
    batch: z.int().nullable().describe('Samples of a step'),
    loss: z.string().nullable(),
    edge: edgeSchema.nullable().describe('Over its best baseline, on its own validation rows'),
    test: runSummarySchema.shape.test.shape.state,
    testOpenedAt: z.string().nullable(),
    baselines: z
      .record(z.string(), z.record(z.string(), eventNumber))
      .describe('Scores of naive forecasts on its own validation rows'),
    config: z.string().describe('Its config.yaml'),
    seeds: seedRuns,
  })
  .meta({ ref: 'ComparedRun' });
export type ComparedRun = z.infer<typeof comparedRun>;

/** GET /runs/diff: runs beside each other; the first is the base. */
export const runDiffAnswer = z
  .object({
    heading: z.string().describe('What the tests on validation show, in a sentence or two'),
    lead: z.string().describe('What is common and what is not'),
    runs: z.array(comparedRun).readonly(),
    cells: z.array(diffCell).readonly(),
    keys: z.object({ different: z.int(), all: z.int() }).describe('Of the configuration'),
    validation: splitScores,
    test: splitScores.describe('Only where the test of every run is open'),
  })
  .meta({ ref: 'RunDiff' });
export type RunDiff = z.infer<typeof runDiffAnswer>;

const numbersOrNone = z.array(eventNumber).readonly();

/** GET /runs/diff/forecasts: what runs said of the same instants, over the price. */
export const diffForecastsAnswer = z
  .object({
    what: z
      .enum(['probability', 'return', 'side'])
      .describe('side: 1 up, −1 down, where one forecasts a probability and another a return'),
    span: z.tuple([z.number(), z.number()]).describe('First and last instant of the base, ms UTC'),
    rows: z.object({
      time: z.array(z.number()).readonly().describe('Decision instants, ms UTC, ascending'),
      values: z.record(z.string(), numbersOrNone).describe('By id of the run; NaN where it has none'),
      close: numbersOrNone.nullable().describe('Last price known at each; null where the prices are not there'),
    }),
    isWhole: z.boolean().describe('Whether these are all rows; else ask for others by `from` and `to`'),
    overview: z
      .object({ time: z.array(z.number()).readonly(), close: numbersOrNone })
      .nullable()
      .describe('Price over the whole span, thinned'),
    disagreements: z
      .object({ from: z.array(z.number()).readonly(), to: z.array(z.number()).readonly() })
      .describe('Stretches in which one says the opposite of the base, first and last instant of each'),
    left: z.array(z.object({ id: z.string(), reason: z.string() })).describe('Runs that are not shown'),
    noPrice: z.string().nullable().describe('Why the prices are not there'),
  })
  .meta({ ref: 'DiffForecasts' });
export type DiffForecasts = z.infer<typeof diffForecastsAnswer>;

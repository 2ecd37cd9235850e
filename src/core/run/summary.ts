import { z } from 'zod';
import { issueSchema } from '#core/api/problem.ts';
import { stepRecordSchema } from '#core/steps/step-record.ts';
import { evaluationSchema } from './evaluation.ts';
import { eventNumber } from './event.ts';
import { concludedSchema, passageSchema, saidSchema } from './said.ts';
import { runViewSchema } from './reduce.ts';
import { runStateSchema } from './state.ts';

const numbers = z.record(z.string(), eventNumber).readonly();
const document = z.record(z.string(), z.unknown()).readonly();
const texts = z.array(z.string()).readonly();
const pair = z.tuple([z.unknown(), z.unknown()]).readonly();
const changed = z
  .record(z.string(), pair)
  .readonly()
  .describe('Dotted configuration keys that differ from the parent’s: [old, new]; null = absent');

/** What a run is from its creation on. */
const identity = {
  id: z.string().meta({ examples: ['01m8nr2yrkfq9rq2vy28cf'] }),
  number: z.int().describe('Counts from 1 in a workspace; shown as R12'),
  name: z.string(),
  notebook: z.string().nullable().describe('Slug of the notebook it came from, if any'),
  parent: z.string().nullable(),
  changed,
  tags: texts,
  createdAt: z.string().describe('ISO time'),
};

/** A run in a list, and the head of its page: what GET /runs answers for each run. */
export const runSummarySchema = z
  .object({
    ...identity,
    starred: z.boolean(),
    archived: z.boolean().describe('Done with: out of the way in lists, and kept'),
    conclusion: z.string().describe('What was learned from it, in Markdown; empty while nobody has said so'),
    status: runStateSchema,
    reason: z.string().nullable().describe('Why it failed, waits or was interrupted'),
    attempt: z.int(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    engine: runViewSchema.shape.engine,
    progress: runViewSchema.shape.progress,
    stalledSince: z
      .string()
      .nullable()
      .describe(
        'Since when a run in state running has said nothing, once that is 30 s: its trainer hangs or is suspended',
      ),
    metrics: z
      .object({ latest: numbers, best: numbers })
      .describe(
        'latest: newest value a metric name; best: the values at the step of checkpoint "best", and its results',
      ),
    bestEpoch: z.int().nullable().describe('Epoch of checkpoint "best"; null before there is one'),
    evaluation: evaluationSchema
      .nullable()
      .describe('Rows that it is scored on; null: unknown, so it is ranked with no other run'),
    loss: z
      .string()
      .nullable()
      .describe('Its whole loss in words: val.loss compares only with runs of the same; null: not known')
      .meta({ examples: ['0.1 · huber of return (delta 1) + bce of direction (label smoothing 0)'] }),
    test: z
      .object({
        state: z.enum(['none', 'sealed', 'open']).describe('none: not scored yet; sealed: scored and seen by nobody'),
        openedAt: z.string().nullable(),
        openedBy: z.string().nullable(),
        afterLook: z.boolean().describe('Created after the test rows were seen through another run'),
      })
      .describe('The envelope of its test results'),
    indexing: z
      .number()
      .nullable()
      .describe(
        'Share of its log that has been read, while a long one is: what is shown may be older; null: all of it',
      ),
    damage: z
      .object({
        quarantined: z.int().describe('Lines of its log that are no event and were left out'),
        note: z.string().nullable().describe('What was found wrong with its log, in a sentence'),
      })
      .nullable()
      .describe('What is wrong with its log; null: nothing'),
    queuePosition: z.int().nullable().describe('Place in the queue from 1 while queued'),
  })
  .meta({ ref: 'RunSummary' });
export type RunSummary = Readonly<z.infer<typeof runSummarySchema>>;

/** What an opening of the test is worth: who saw these rows before, and how many runs came after. */
const envelopeSchema = z
  .object({
    looks: z
      .array(
        z.object({
          id: z.string(),
          number: z.int(),
          at: z.string(),
          by: z.string().nullable(),
          same: z.boolean().describe('Whether rows and labels were the same; else rows of the source at the same time'),
        }),
      )
      .readonly()
      .describe(
        'Openings of runs that are scored on these test rows or on some of them, this run included, oldest first',
      ),
    after: z.int().describe('Runs on these rows, or on some of them, that were created after the first look'),
    self: z.boolean().describe('Whether this run is among them'),
  })
  .meta({ ref: 'Envelope', description: 'Of a run whose test rows are not known: its own opening alone' });
export type Envelope = Readonly<z.infer<typeof envelopeSchema>>;

/** GET /runs/{id}: the summary and what was frozen at creation. */
export const runDetailSchema = runSummarySchema
  .extend({
    children: texts,
    concludedAt: saidSchema.shape.concludedAt.unwrap(),
    notes: z.string(),
    comparisons: z.array(concludedSchema).readonly().describe('What was concluded from it beside other runs'),
    prose: z
      .array(passageSchema)
      .readonly()
      .describe('What was added to its text, or changed in it, after it was made: `source` stays as it was'),
    from: z
      .object({ checkpoint: z.string() })
      .nullish()
      .describe('The parent’s checkpoint whose weights it started from; null where they were random'),
    config: document.describe('The resolved configuration, as config.yaml has it'),
    overrides: texts,
    source: z.string().describe('Text of the frozen notebook.md'),
    lastSeq: z.int().describe('seq of the newest event stored: stream from here'),
    dataReport: z.unknown().describe('data.json, once the data was read'),
    steps: z
      .array(stepRecordSchema)
      .readonly()
      .describe('What was reused and what computed before it trained, of its newest attempt; none before that'),
    bars: z
      .object({
        from: z.enum(['file', 'parent']).describe('Whether it read the file, or has the bars of its parent'),
        readAt: z.string().describe('When the file was read'),
        kept: z.boolean().describe('Whether forks can be trained on them, whatever becomes of the file'),
      })
      .nullable()
      .describe('The bars that it is trained on; null: not read yet, or by an older version'),
    envelope: envelopeSchema,
    tried: z
      .int()
      .describe(
        'Runs completed on the same validation rows, this one and those in the bin included; 0: rows not known',
      ),
  })
  .meta({ ref: 'RunDetail' });
export type RunDetail = Readonly<z.infer<typeof runDetailSchema>>;

/** Answer to POST /runs/{id}/test: the run as it is now, and what was in the envelope. */
export const openedTestSchema = runDetailSchema
  .extend({ result: runViewSchema.shape.results.valueType.describe('Of the test, as the log has it') })
  .meta({ ref: 'OpenedTest' });
export type OpenedTest = Readonly<z.infer<typeof openedTestSchema>>;

/** Answer to a request that creates a run. A repeated request gets the same: the run as it was when it was created. */
export const runCreatedSchema = z
  .object({
    ...identity,
    status: z.literal('queued'),
    config: document,
    overrides: texts,
    warnings: z
      .array(issueSchema)
      .readonly()
      .describe('What in the notebook may be a mistake and is no hindrance, as a block that declares no cell'),
  })
  .meta({ ref: 'RunCreated' });
export type RunCreated = Readonly<z.infer<typeof runCreatedSchema>>;

/** A page of runs; `next` is the offset of the one after it. */
export const runListSchema = z
  .object({ runs: z.array(runSummarySchema).readonly(), next: z.int().nullable() })
  .meta({ ref: 'RunList' });
export type RunList = Readonly<z.infer<typeof runListSchema>>;

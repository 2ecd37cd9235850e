import { z } from 'zod';
import { deliveredEventSchema, eventNumber, logLevelSchema, systemEventSchema } from '#core/run/event.ts';
import { runViewSchema } from '#core/run/reduce.ts';

const series = z.object({
  step: z.array(z.int()).readonly(),
  epoch: z.array(eventNumber).readonly(),
  value: z.array(eventNumber).readonly(),
  time: z.array(eventNumber).readonly().describe('When it was told, ms UTC; NaN where that is not known'),
  attempt: z.array(z.int()).readonly(),
  smooth: z.array(eventNumber).readonly().optional().describe('Where `smoothing` was asked for'),
});

const lastSeq = z.int().describe('seq up to which the answer is whole: a stream goes on behind it');

/** GET /runs/{id}/metrics as JSON: for each metric columns of equal length. */
export const metricsAnswer = z
  .object({
    run: z.string(),
    keys: z.array(z.string()).readonly().describe('All metrics of the run'),
    series: z.record(z.string(), series),
    lastSeq,
  })
  .meta({ ref: 'Metrics' });

/** GET /runs/{id}/system: readings of the trainer's machine, thinned. */
export const systemAnswer = z
  .object({ run: z.string(), samples: z.array(systemEventSchema).readonly(), lastSeq })
  .meta({ ref: 'SystemSamples' });

/** GET /runs/{id}/view: what the events of a run say so far, folded. */
export const viewAnswer = z
  .object({ run: z.string(), view: runViewSchema.describe('Without the test while that is sealed'), lastSeq })
  .meta({ ref: 'RunViewAnswer' });

/** GET /runs/{id}/logs: what the trainer said in events. */
export const logsAnswer = z
  .object({
    lines: z.array(
      z.object({ seq: z.int(), at: z.string(), attempt: z.int(), level: logLevelSchema, message: z.string() }),
    ),
    next: z.int().describe('Offset to go on from'),
    lastSeq,
  })
  .meta({ ref: 'Log' });
export type LogsAnswer = z.infer<typeof logsAnswer>;

/** GET /runs/{id}/events: what the stream delivers, a page at a time. */
export const eventsAnswer = z
  .object({
    items: z.array(deliveredEventSchema).readonly(),
    next: z.int().describe('seq to go on from: that of the last item, or `since` where there is none'),
  })
  .meta({ ref: 'Events' });

/** GET /runs/{id}/logs/printed: what its process printed. */
export const printedAnswer = z
  .object({
    text: z.string(),
    offset: z.int().describe('First byte of the text'),
    next: z.int().describe('Where to go on'),
    size: z.int().describe('Bytes there are now'),
  })
  .meta({ ref: 'PrintedLog' });

const artifactKinds = [
  'checkpoint',
  'predictions',
  'metrics',
  'events',
  'notebook',
  'config',
  'data',
  'environment',
  'log',
  'other',
] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/** A file that a run has made or was made from. */
const artifactSchema = z
  .object({
    path: z.string().describe('Relative to the run folder, with /'),
    bytes: z.int(),
    sha256: z.string().describe('Of the bytes that a download gives'),
    kind: z.enum(artifactKinds),
  })
  .meta({ ref: 'Artifact' });
export type Artifact = Readonly<z.infer<typeof artifactSchema>>;

/** GET /runs/{id}/artifacts. */
export const artifactsAnswer = z.array(artifactSchema).readonly();

/** A run in the bin. */
const binnedRunSchema = z
  .object({
    id: z.string(),
    number: z.int().nullable().describe('null: its record could not be read'),
    name: z.string(),
    notebook: z.string().nullable(),
    binnedAt: z.string().nullable().describe('ISO time; null where nobody noted it'),
    bytes: z.int(),
  })
  .meta({ ref: 'RunInBin' });

/** GET /runs/bin: what is in it, and what emptying it would free. */
export const binContentAnswer = z
  .object({
    runs: z.int(),
    bytes: z.int().describe('Of the files of these runs'),
    items: z.array(binnedRunSchema).readonly().describe('These runs, the last to come first'),
  })
  .meta({ ref: 'BinContent' });
export type BinContent = z.infer<typeof binContentAnswer>;

/** DELETE /runs/bin: what was freed. */
export const emptiedBinAnswer = z
  .object({
    runs: z.int(),
    bytes: z.int(),
    kept: z.array(z.object({ id: z.string(), reason: z.string() })).describe('Runs that were left where they are'),
  })
  .meta({ ref: 'EmptiedBin' });
export type EmptiedBin = z.infer<typeof emptiedBinAnswer>;

/** DELETE /runs/{id}. */
export const binnedAnswer = z.object({ id: z.string() }).meta({ ref: 'BinnedRun' });

/** One frame of GET /runs/{id}/stream. */
export const streamFrame = z
  .object({
    id: z.string().describe('seq of the event').optional(),
    event: z.string().describe('Its type').optional(),
    data: z.string().meta({ description: 'A RunEvent as JSON', contentMediaType: 'application/json' }).optional(),
    retry: z.int().describe('ms, at the beginning').optional(),
  })
  .meta({ ref: 'StreamFrame' });

/** Data of a frame `event` of GET /stream. */
export const sharedEvent = z
  .object({
    run: z.string(),
    after: z.int().describe('seq of the event before it: of the run there is none between the two'),
    event: deliveredEventSchema,
  })
  .meta({ ref: 'SharedEvent' });

/** Data of a frame `list` of GET /stream. */
export const listChange = z
  .object({
    changed: z.array(z.string()).readonly().describe('Ids of runs that came, went, or whose summary has changed'),
  })
  .meta({ ref: 'ListChange' });

/** Data of the frames `gone` and `restart` of GET /stream. */
export const namedRun = z.object({ run: z.string() }).meta({ ref: 'NamedRun' });

/** One frame of GET /stream. */
export const sharedFrame = z
  .object({
    event: z.enum(['event', 'gone', 'restart', 'list']).optional(),
    data: z
      .string()
      .meta({ description: 'A SharedEvent, NamedRun or ListChange as JSON', contentMediaType: 'application/json' })
      .optional(),
    retry: z.int().describe('ms, at the beginning').optional(),
  })
  .meta({ ref: 'SharedFrame' });

import { z } from 'zod';
import { checkpointName } from '#core/run/control.ts';
import { eventNumber } from '#core/run/event.ts';
import { runViewSchema } from '#core/run/reduce.ts';
import { runStates, runStateSchema } from '#core/run/state.ts';

const text = (max: number) => z.string().max(max);
const overrides = z.array(text(10_000)).max(200);
const tags = z.array(z.string().min(1).max(64)).max(32);
const name = z.string().min(1).max(200);
const id = z.string().regex(/^[0-9a-z]{10,40}$/, 'expected the id of a run');

export const createBody = z.strictObject({
  notebook: text(100).optional().describe('Slug of a notebook in ALMANAC_HOME/notebooks'),
  source: z.string().optional().describe('Text of a notebook, 1 MB at most; wins over the file of `notebook`'),
  config: z.record(z.string(), z.unknown()).optional().describe('Groups, or the flat keys of the older dashboard'),
  overrides: overrides.optional().describe('Hydra overrides, e.g. train.epochs=5'),
  parent: id.optional(),
  name: name.optional(),
  tags: tags.optional(),
});

export const forkBody = z.strictObject({
  from: z
    .strictObject({ checkpoint: checkpointName })
    .optional()
    .describe('Start from the weights of this checkpoint of the parent: best, last or a name'),
  source: z.string().optional().describe('Text of the edited notebook, 1 MB at most'),
  overrides: overrides.optional().describe('Come after the overrides of the parent'),
  name: name.optional(),
  tags: tags.optional(),
});

export const labelBody = z.strictObject({
  name: name.optional(),
  tags: tags.optional(),
  notes: text(100_000).optional(),
});

export const checkpointBody = z.strictObject({
  name: checkpointName
    .refine((value) => value !== 'best' && value !== 'last', 'best and last are written by the trainer itself')
    .default('manual'),
});

const count = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);

export const listQuery = z.object({
  status: z
    .string()
    .optional()
    .transform((value) => value?.split(','))
    .pipe(z.array(z.enum(runStates)).optional())
    .describe('States, separated by commas'),
  notebook: z.string().optional(),
  parent: z.string().optional(),
  tag: z.string().optional(),
  search: z.string().optional().describe('Part of the name'),
  sort: z.enum(['number', '-number', 'name', '-name']).default('-number'),
  limit: count(50, 500),
  offset: z.coerce.number().int().min(0).default(0).describe('`next` of the page before'),
});

const numbers = z.record(z.string(), eventNumber);

export const runSummary = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  status: runStateSchema,
  reason: z.string().nullable(),
  notebook: z.string().nullable(),
  parent: z.string().nullable(),
  changed: z.record(z.string(), z.array(z.unknown())).describe('Dotted key → [old, new]'),
  tags: z.array(z.string()),
  attempt: z.int(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  engine: runViewSchema.shape.engine,
  progress: runViewSchema.shape.progress,
  metrics: z.object({ latest: numbers, best: numbers }),
  queuePosition: z.int().nullable(),
});

export const runDetail = runSummary.extend({
  from: z.object({ checkpoint: z.string() }).nullish().describe('Checkpoint of the parent that it started from'),
  children: z.array(z.string()),
  config: z.unknown(),
  overrides: z.array(z.string()),
  source: z.string(),
  lastSeq: z.int(),
  dataReport: z.unknown(),
});

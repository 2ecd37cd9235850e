import { z } from 'zod';
import { runSummarySchema } from '#core/run/summary.ts';

const { id, number, name, status, parent, changed, createdAt, finishedAt, engine, stalledSince, evaluation, starred } =
  runSummarySchema.shape;

/** A run in the tree of its notebook: what of its summary is drawn or compared there. */
const lineageRun = z
  .object({
    ...{ id, number, name, status, parent, changed, createdAt, finishedAt, engine, stalledSince, evaluation, starred },
    metrics: z
      .object({ best: z.record(z.string(), runSummarySchema.shape.metrics.shape.best.unwrap().valueType).readonly() })
      .describe('Values at the checkpoint "best": those of validation that a tree can show'),
    seed: z.unknown().describe('train.seed; null where it is not known'),
    conclusion: z.string().describe('First line of what was learned from it'),
  })
  .meta({ ref: 'LineageRun' });
export type LineageRun = Readonly<z.infer<typeof lineageRun>>;

/** A parent that is listed no more: it is in the bin, or gone from it too. */
const absentRun = z
  .object({
    id,
    number: number.nullable().describe('null where nothing is known of it'),
    state: z.enum(['binned', 'gone']),
    parent,
    changed,
  })
  .meta({ ref: 'AbsentRun' });
export type AbsentRun = Readonly<z.infer<typeof absentRun>>;

/** Query of GET /runs/lineage. */
export const lineageQuery = z.object({
  notebook: z.string().max(100).optional().describe('Slug: all runs of this notebook'),
  of: id.optional().describe('A run: those it comes from and those that come from it'),
  limit: z.coerce.number().int().min(1).max(2000).default(500).describe('Newest runs of the notebook'),
});

/** Answer to GET /runs/lineage: runs that descend from each other, with the runs they come from. */
export const lineageAnswer = z
  .object({
    runs: z.array(lineageRun).readonly().describe('Newest first'),
    absent: z.array(absentRun).readonly(),
    more: z.int().describe('Older runs of the notebook that are not among them'),
  })
  .meta({ ref: 'Lineage' });
export type Lineage = Readonly<z.infer<typeof lineageAnswer>>;

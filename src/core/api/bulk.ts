import { z } from 'zod';
import { runIdSchema, tagsSchema } from './run-requests.ts';

/** Most runs that one request acts on. */
export const mostAtOnce = 1000;

const ids = z.array(runIdSchema).min(1).max(mostAtOnce);

/** Body of PATCH /runs: what is left out stays. */
export const labelRunsRequest = z
  .strictObject({
    ids,
    addTags: tagsSchema.optional(),
    removeTags: tagsSchema.optional(),
    starred: z.boolean().optional(),
    archived: z.boolean().optional(),
  })
  .meta({ ref: 'LabelRunsRequest', examples: [{ ids: ['01m8nr2yrkfq9rq2vy28cf'], addTags: ['keep'] }] });
export type LabelRunsRequest = z.input<typeof labelRunsRequest>;

/** Body of POST /runs/bin and POST /runs/restore. */
export const namedRunsRequest = z
  .strictObject({ ids })
  .meta({ ref: 'NamedRunsRequest', examples: [{ ids: ['01m8nr2yrkfq9rq2vy28cf'] }] });

/** What was done to several runs. */
export const bulkAnswer = z
  .object({
    changed: z
      .array(z.string())
      .readonly()
      .describe('Ids of the runs that are not as they were; those given in their order'),
    kept: z
      .array(z.object({ id: z.string(), reason: z.string() }))
      .readonly()
      .describe('Runs that were left as they are, though they were to change'),
  })
  .meta({ ref: 'BulkChange' });
export type BulkAnswer = Readonly<z.infer<typeof bulkAnswer>>;

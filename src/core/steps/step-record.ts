import { z } from 'zod';

/** How a run came to one step before its training: worked out, or taken from what was worked out before. */
export const stepRecordSchema = z
  .object({
    step: z.enum(['data', 'features', 'samples']).describe('samples: labels, windows, splits and scaling'),
    from: z
      .enum(['computed', 'cache', 'kept'])
      .describe(
        'computed: worked out anew; cache: found under its key; kept: the bars that an earlier run was trained on',
      ),
    why: z.string().describe('Why it was computed, or could be reused, in words'),
    seconds: z.number().describe('What it took'),
    saved: z.number().nullable().describe('Seconds less than computing it took; null: computed, or not known'),
  })
  .meta({ ref: 'StepRecord' });
export type StepRecord = Readonly<z.infer<typeof stepRecordSchema>>;

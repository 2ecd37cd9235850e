import { z } from 'zod';

/** The steps of a run before its training, in their order. */
export const recordedSteps = ['data', 'features', 'samples'] as const;

/** How a run came to one step before its training: worked out, or taken from what was worked out before. */
export const stepRecordSchema = z
  .object({
    step: z.enum(recordedSteps).describe('samples: labels, windows, splits and scaling'),
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

import { z } from 'zod';

/** GET /runs/{id}/bars: what a fork can be trained on, the bars of the run or what the file holds today. */
export const runBarsAnswer = z
  .object({
    kept: z
      .object({
        bars: z.int(),
        last: z.number().describe('Opening time of the last one, ms UTC'),
        readAt: z.string().describe('When the file was read'),
        bytes: z.int(),
      })
      .nullable()
      .describe('The bars of the run; null: they are not kept'),
    today: z
      .object({
        state: z.enum(['same', 'changed', 'unreadable']),
        bars: z.int().nullable().describe('Bars of today’s file, by the settings of the run'),
        last: z.number().nullable(),
        more: z.int().nullable().describe('Bars more than the run was trained on; negative: fewer'),
        reason: z.string().nullable().describe('Why the file cannot be read'),
      })
      .describe('What a run of the same settings would read now'),
  })
  .meta({ ref: 'RunBars' });
export type RunBars = Readonly<z.infer<typeof runBarsAnswer>>;

import { z } from 'zod';
import { eventNumber } from '#core/run/event.ts';
import { edgeSchema } from '#core/run/result.ts';

const scoredRun = z
  .object({
    id: z.string(),
    number: z.int(),
    name: z.string(),
    horizon: z.int().describe('Bars ahead'),
    rows: z.int().describe('Validation rows that it predicted itself'),
    group: z.int().describe('From 0: runs of one group saw the same outcomes at the shared rows'),
    scores: z
      .record(z.string(), eventNumber)
      .nullable()
      .describe('On the shared rows, in metric names without the split; null where no other run saw its outcomes'),
    best: z.array(z.string()).describe('Metrics in which it is the best of its group, alone'),
    edge: edgeSchema.nullable().describe('On its own validation rows; null in runs of older versions'),
  })
  .meta({ ref: 'ScoredRun' });
export type ScoredRun = z.infer<typeof scoredRun>;

/** GET /runs/scores: validation scores on the rows that all of these runs predicted. */
export const sharedScoresAnswer = z
  .object({
    n: z.int().describe('Decision instants that all of them predicted'),
    from: z.number().nullable().describe('First of them, ms UTC'),
    to: z.number().nullable().describe('Last of them'),
    comparable: z.boolean().describe('Whether the scores of all may be compared with each other'),
    reason: z.string().nullable().describe('Why not'),
    luck: z
      .object({ metric: z.string(), runs: z.int().describe('Runs tried on these rows'), value: z.number() })
      .nullable()
      .describe('What the best of so many runs would show by luck alone; null where the scores are not comparable'),
    runs: z.array(scoredRun),
  })
  .meta({ ref: 'SharedScores' });
export type SharedScores = z.infer<typeof sharedScoresAnswer>;

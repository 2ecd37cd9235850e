import { z } from 'zod';
import { groups } from '#core/config/config.ts';
import { engineNames } from '#core/engines/registry.ts';
import { runStateSchema } from '#core/run/state.ts';
import { issueSchema } from './problem.ts';
import { createRunRequest, forkRunRequest, runIdSchema } from './run-requests.ts';

/** Body of POST /runs/plan: what POST /runs would be given, or POST /runs/{id}/fork with that id as `fork`. */
export const planRequest = createRunRequest
  .extend({
    fork: runIdSchema.optional().describe('Plan a changed copy of this run, from `source` and `overrides`'),
    from: forkRunRequest.shape.from,
    bars: forkRunRequest.shape.bars,
  })
  .meta({ ref: 'PlanRequest', examples: [{ notebook: 'first-run' }] });
export type PlanRequest = z.input<typeof planRequest>;

const plannedCell = z
  .object({
    kind: z.enum(groups),
    action: z
      .enum(['run', 'cached', 'wrong', 'blocked'])
      .describe(
        'run: computed anew; cached: taken as it is; wrong: its cell has a problem; blocked: waits for such a one',
      ),
    reason: z
      .string()
      .describe('In words')
      .meta({ examples: ['features.timeframes.1h.rsi.period 14 → 21', 'the file changed', 'as in R12'] }),
    seconds: z.number().nullable().describe('It is expected to take; null where that was never measured'),
  })
  .meta({ ref: 'PlannedCell' });
export type PlannedCell = Readonly<z.infer<typeof plannedCell>>;

/** What would happen, were it run: the answer of POST /runs/plan. Nothing is made or computed. */
export const planAnswer = z
  .object({
    words: z
      .string()
      .describe('The plan on one line')
      .meta({ examples: ['reuses data, targets · runs features, train · about 38 s'] }),
    cells: z.array(plannedCell).readonly().describe('All six, in the order of the page'),
    estimate: z.object({
      seconds: z.number().nullable().describe('Of all that is to run; null where it cannot be told'),
      bytes: z.number().nullable().describe('Memory of the training'),
      basis: z.string().describe('What the time rests on, or why there is none and how to get one'),
      engine: z.enum(engineNames).nullable().describe('Engine that would train; null while that is not decided'),
      device: z.string().nullable(),
    }),
    queue: z.object({
      position: z.int().describe('Place in the queue, from 1; 1 begins at once, unless the device is taken'),
      ahead: z.string().nullable().describe('What it would wait for, in words; null: nothing'),
    }),
    rows: z
      .string()
      .nullable()
      .describe('Where it would be scored on other rows than its parent, in words; null: on the same, or it has none'),
    identical: z
      .object({ id: z.string(), number: z.int(), name: z.string(), status: runStateSchema })
      .optional()
      .describe('A run queued, running or done of the same configuration, data and code'),
    nextSeed: z
      .int()
      .nullable()
      .describe('The lowest seed that no run of this configuration has; null where none is identical'),
    issues: z.array(issueSchema).readonly().describe('What stands in the way of a run'),
  })
  .meta({ ref: 'Plan' });
export type Plan = Readonly<z.infer<typeof planAnswer>>;

import { z } from 'zod';
import { targetKinds, targets } from '#core/targets/registry.ts';

export const taskName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected a name such as ret: lower-case letters, digits and _');

const taskSchema = z.strictObject({
  kind: z.enum(targetKinds).meta({
    title: 'Kind',
    description: targets.map(({ kind, summary }) => `${kind} = ${summary}`).join('; '),
  }),
});

/** What is predicted, and how far ahead. */
export const targetsSchema = z.strictObject({
  horizon: z
    .int()
    .min(1)
    .max(1000)
    .default(12)
    .meta({ title: 'Horizon', description: 'Bars ahead, of the base timeframe' }),
  tasks: z
    .record(taskName, taskSchema)
    .default({ ret: { kind: 'return' }, dir: { kind: 'direction' } })
    .meta({ title: 'Tasks', description: 'Name → what it predicts' }),
});
export type TargetsConfig = z.infer<typeof targetsSchema>;

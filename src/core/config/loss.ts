import { z } from 'zod';

export const lossTermSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mse') }).meta({ title: 'Mean squared error' }),
  z.strictObject({ kind: z.literal('mae') }).meta({ title: 'Mean absolute error' }),
  z
    .strictObject({
      kind: z.literal('huber'),
      delta: z
        .number()
        .min(0.01)
        .max(100)
        .default(1)
        .meta({ title: 'Delta', description: 'Errors beyond this many standard deviations count linearly' }),
    })
    .meta({ title: 'Huber' }),
  z
    .strictObject({
      kind: z.literal('bce'),
      label_smoothing: z
        .number()
        .min(0)
        .max(0.5)
        .default(0)
        .meta({ title: 'Label smoothing', description: 'Labels 0 and 1 become ε/2 and 1 − ε/2' }),
    })
    .meta({ title: 'Binary cross-entropy' }),
]);
export type LossTerm = z.infer<typeof lossTermSchema>;

/** Task name → its loss, and `weights`: task name → factor. Tasks without an entry get the default of their kind. */
export const lossSchema = z
  .object({
    weights: z
      .record(z.string(), z.number().min(0).max(1000))
      .default({})
      .meta({ title: 'Weights', description: 'Task → factor of its loss; 1 where none is given' }),
  })
  .catchall(lossTermSchema);
export type LossConfig = { readonly weights: Readonly<Record<string, number>> } & Readonly<
  Record<string, LossTerm | Readonly<Record<string, number>>>
>;

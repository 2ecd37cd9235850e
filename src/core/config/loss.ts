import { z } from 'zod';
import { type LossTerm, lossTermSchema } from '#core/losses/registry.ts';

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

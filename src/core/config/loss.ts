import { z } from 'zod';
import { type LossTerm, lossTermSchema } from '#core/losses/registry.ts';

/** How far off a forecast is, a task each; total = Σ weight · mean loss. */
export interface LossConfig {
  /** Task name → its loss. */
  readonly terms: Readonly<Record<string, LossTerm>>;
  /** Task name → factor of its loss. */
  readonly weights: Readonly<Record<string, number>>;
}

const weight = z
  .number()
  .min(0)
  .max(1000)
  .meta({ title: 'Weight', description: 'Factor of this task in the whole loss' });

/**
 * As a file writes it: task name → its loss, and among them `weights`, task name → factor. Tasks without an entry get
 * the default of their kind.
 */
export const lossSchema = z
  .object({
    weights: z
      .record(z.string(), weight)
      .default({})
      .meta({ title: 'Weights', description: 'Task → factor of its loss; 1 where none is given' }),
  })
  .catchall(lossTermSchema);

import type { z } from 'zod';

/** What page and configuration know of one update rule. Its other half, which computes it, is in trainer/ml/optimizers. */
export interface OptimizerDescriptor {
  /** Short human name, e.g. "AdamW". */
  readonly title: string;
  /** What it is in a sentence, with its source. */
  readonly summary: string;
  /** Arrays as large as the weights that it keeps beside them, at most. */
  readonly buffers: number;
  /** Strict object schema: `kind`, which is its name in the registry, and its options, each with a default and a range. */
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<string>; learning_rate: z.ZodDefault<z.ZodNumber> }>;
}

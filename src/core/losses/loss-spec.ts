import { z } from 'zod';
import type { ScaleName } from '#core/targets/scale.ts';

/**
 * A loss as a notebook names it. Each lives in a file of its own and is listed in registry.ts; what computes it has the
 * same name in `trainer/ml/losses`. Form, completion, YAML check and messages follow from it.
 */
interface LossText<Kind extends string> {
  /** `kind` in the YAML. */
  readonly kind: Kind;
  /** Short human name, e.g. "Mean squared error". */
  readonly title: string;
  /** One sentence for form and schema. */
  readonly summary: string;
  /** Labels it can judge. */
  readonly scales: readonly ScaleName[];
}

/** A loss with the schema of a task's entry in the `loss` cell; every key of `params` has a default, a range and a title. */
export function lossSpec<Kind extends string, Params extends z.ZodRawShape>(
  spec: LossText<Kind> & { readonly params: Params },
) {
  const { kind, title, summary, scales, params } = spec;
  const schema = z.strictObject({ kind: z.literal(kind), ...params }).meta({ title, description: summary });
  return { kind, title, summary, scales, schema };
}

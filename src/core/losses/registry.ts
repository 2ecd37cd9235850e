import { z } from 'zod';
import type { ScaleName } from '#core/targets/scale.ts';
import { bce } from './bce.ts';
import { huber } from './huber.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';

/**
 * Every loss a notebook can name, in the order of the form. To add one: its file and a line here; its file and a line in
 * trainer/ml/losses/registry.ts, where a missing one is a type error.
 */
export const losses = [mse, mae, huber, bce] as const;
export type LossKind = (typeof losses)[number]['kind'];

const [first, ...others] = losses.map(({ schema }) => schema);

/** The loss of one task: its kind and parameters. */
export const lossTermSchema = z.discriminatedUnion('kind', [first, ...others]);
type Terms = { [Kind in LossKind]: Extract<z.infer<typeof lossTermSchema>, { kind: Kind }> };
/** That of one kind, or of any. */
export type LossTerm<Kind extends LossKind = LossKind> = { [One in Kind]: Terms[One] & { readonly kind: One } }[Kind];

/** The losses that can judge such labels, in the order of the form. */
export function lossesFor(scale: ScaleName): readonly LossKind[] {
  return losses.filter(({ scales }) => scales.includes(scale)).map(({ kind }) => kind);
}

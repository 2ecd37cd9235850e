import type { LossKind, LossTerm } from '#core/losses/registry.ts';
import { bce } from './bce.ts';
import { huber } from './huber.ts';
import type { Loss } from './loss.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';

type Builders = { readonly [Kind in LossKind]: (term: LossTerm<Kind>) => Loss };

/** What computes each loss that a notebook can name. To add one: its file and a line here. */
const builders: Builders = { mse, mae, huber, bce };

export function buildLoss<Kind extends LossKind>(term: LossTerm<Kind>): Loss {
  return builders[term.kind](term);
}

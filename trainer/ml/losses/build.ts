import type { LossConfig, LossTerm } from '#core/config/loss.ts';
import { defaultLoss } from '#core/config/losses.ts';
import { assertNever } from '#core/error.ts';
import type { Task } from '#core/dataset/dataset.ts';
import { bce } from './bce.ts';
import { huber } from './huber.ts';
import type { Loss } from './loss.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';

/** The loss of one task and its factor in the total. */
export interface TaskLoss {
  readonly task: string;
  readonly loss: Loss;
  readonly weight: number;
}

export function buildLoss(term: LossTerm): Loss {
  switch (term.kind) {
    case 'mse':
      return mse();
    case 'mae':
      return mae();
    case 'huber':
      return huber(term.delta);
    case 'bce':
      return bce(term.label_smoothing);
    default:
      return assertNever(term);
  }
}

/**
 * One loss a task, in the order of the tasks; total = Σ weight · mean loss. A compiled configuration names the loss and
 * the weight of every task; where it does not, the defaults are those of the schema.
 */
export function buildLosses(config: LossConfig, tasks: readonly Pick<Task, 'name' | 'kind'>[]): TaskLoss[] {
  return tasks.map(({ name, kind }) => {
    const term = config[name] as LossTerm | undefined;
    return { task: name, loss: buildLoss(term ?? defaultLoss(kind)), weight: config.weights[name] ?? 1 };
  });
}

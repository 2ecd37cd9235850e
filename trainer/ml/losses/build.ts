import type { LossConfig } from '#core/config/loss.ts';
import { defaultLoss } from '#core/config/losses.ts';
import type { LossTerm } from '#core/losses/registry.ts';
import type { Task } from '#core/dataset/dataset.ts';
import type { Loss } from './loss.ts';
import { buildLoss } from './registry.ts';

/** The loss of one task and its factor in the total. */
export interface TaskLoss {
  readonly task: string;
  readonly loss: Loss;
  readonly weight: number;
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

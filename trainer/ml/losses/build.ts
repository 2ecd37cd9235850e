import type { LossConfig } from '#core/config/loss.ts';
import type { Task } from '#core/dataset/dataset.ts';
import type { Loss } from './loss.ts';
import { buildLoss } from './registry.ts';

/** The loss of one task and its factor in the total. */
export interface TaskLoss {
  readonly task: string;
  readonly loss: Loss;
  readonly weight: number;
}

/** One loss a task, in the order of the tasks; total = Σ weight · mean loss. */
export function buildLosses({ terms, weights }: LossConfig, tasks: readonly Pick<Task, 'name'>[]): TaskLoss[] {
  return tasks.map(({ name }) => ({ task: name, loss: buildLoss(terms[name]), weight: weights[name] }));
}

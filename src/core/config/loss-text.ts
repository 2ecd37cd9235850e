import { configSchema } from './config.ts';
import type { Document } from './document.ts';

/**
 * The whole loss of a run's configuration in words, e.g. "0.1 · huber of return (delta 1) + mse of return": the kinds
 * of the tasks, their losses with every parameter, and the weights that are not 1. Losses are in one unit where their
 * texts are equal; names and order of the tasks are no part of it. Null where the configuration cannot be read.
 */
export function lossText(config: Document): string | null {
  const loss = configSchema.shape.loss.safeParse(config.loss).data;
  const tasks = configSchema.shape.targets.safeParse(config.targets).data?.tasks;
  if (!loss || !tasks) return null;
  const { weights, ...terms } = loss;
  const texts = Object.entries(tasks).map(([task, { kind: target }]) => {
    if (!Object.hasOwn(terms, task)) return null;
    const { kind, ...params } = terms[task];
    const written = Object.entries(params).map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
    const weight = Object.hasOwn(weights, task) ? weights[task] : 1;
    return `${weight === 1 ? '' : `${weight} · `}${kind} of ${target}${written.length > 0 ? ` (${written.join(', ')})` : ''}`;
  });
  return texts.includes(null) ? null : texts.sort().join(' + ');
}

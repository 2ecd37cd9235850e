import { type Document, isMap, ownValue } from './document.ts';
import type { LossTerm } from '#core/losses/registry.ts';
import type { LossConfig } from './loss.ts';
import type { TaskConfig, TargetsConfig } from './targets.ts';
import { assertNever } from '#core/error.ts';

/** The loss of a task that names none: Huber with delta 1 on standardised returns, cross-entropy on directions. */
export function defaultLoss(kind: TaskConfig['kind']): LossTerm {
  switch (kind) {
    case 'return':
      return { kind: 'huber', delta: 1 };
    case 'direction':
      return { kind: 'bce', label_smoothing: 0 };
    default:
      return assertNever(kind);
  }
}

/** Every task with its loss and its weight, in the order of the tasks. */
export function fillLosses(loss: LossConfig, tasks: TargetsConfig['tasks']): LossConfig {
  const terms = Object.entries(tasks).map(([name, { kind }]) => [name, ownValue(loss, name) ?? defaultLoss(kind)]);
  const weights = Object.keys(tasks).map((name) => [name, ownValue(loss.weights, name) ?? 1]);
  return { ...Object.fromEntries(terms), ...loss, weights: { ...Object.fromEntries(weights), ...loss.weights } };
}

/** A loss or optimizer without `kind` is of the default kind, as every missing key takes its default. */
export function fillKinds(document: Document): Document {
  const train = document.train;
  const optimizer = ownValue(train, 'optimizer');
  const withOptimizer =
    isMap(train) && isMap(optimizer) && !Object.hasOwn(optimizer, 'kind')
      ? { ...document, train: { ...train, optimizer: { kind: 'adamw', ...optimizer } } }
      : document;
  const { loss } = document;
  if (!isMap(loss)) return withOptimizer;
  const tasks = ownValue(document.targets, 'tasks') ?? { ret: { kind: 'return' }, dir: { kind: 'direction' } };
  const filled = Object.entries(loss).map(([name, term]) => {
    const kind = ownValue(ownValue(tasks, name), 'kind');
    const isKnown = kind === 'return' || kind === 'direction';
    if (name === 'weights' || !isKnown || !isMap(term) || Object.hasOwn(term, 'kind')) return [name, term];
    return [name, { kind: defaultLoss(kind).kind, ...term }];
  });
  return { ...withOptimizer, loss: Object.fromEntries(filled) };
}

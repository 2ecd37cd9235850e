import { type Document, isMap, ownValue } from './document.ts';
import { type LossTerm, lossTermSchema } from '#core/losses/registry.ts';
import { targets, targetOf, type TargetKind } from '#core/targets/registry.ts';
import type { LossConfig } from './loss.ts';
import type { TargetsConfig } from './targets.ts';

/** The loss of a task that names none: that of its kind, with its defaults. */
export function defaultLoss(kind: TargetKind): LossTerm {
  return lossTermSchema.parse({ kind: targetOf(kind).defaultLoss });
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
    const target = targets.find((known) => known.kind === kind);
    if (name === 'weights' || !target || !isMap(term) || Object.hasOwn(term, 'kind')) return [name, term];
    return [name, { kind: target.defaultLoss, ...term }];
  });
  return { ...withOptimizer, loss: Object.fromEntries(filled) };
}

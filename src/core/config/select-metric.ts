import { termOf } from '#core/metrics/glossary.ts';
import { targetOf, targets } from '#core/targets/registry.ts';
import type { TargetsConfig } from './targets.ts';

/**
 * Metrics that may choose the checkpoint called best: measured on the validation samples, never on test or train.
 * Without a task name they are those of the first task they apply to (FORMATS.md#metric-names).
 */
export function selectMetrics(tasks: TargetsConfig['tasks']): readonly string[] {
  const all = Object.entries(tasks);
  const used = targets.filter(({ kind }) => all.some(([, task]) => task.kind === kind));
  const overall = ['loss', ...used.flatMap(({ scale }) => scale.selectors)];
  const ofTasks = all.flatMap(([name, { kind }]) => {
    // The loss of an only task is val.loss.
    const metrics = [...(all.length > 1 ? ['loss'] : []), ...targetOf(kind).scale.selectors];
    return metrics.map((metric) => `val.${name}.${metric}`);
  });
  return [...new Set([...overall.map((metric) => `val.${metric}`), ...ofTasks])];
}

/** Hits, F1 and explained shares grow as a model gets better; losses and errors shrink. */
export function isHigherBetter(metric: string): boolean {
  return termOf(metric)?.better === 'higher';
}

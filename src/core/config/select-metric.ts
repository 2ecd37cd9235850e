import type { TargetsConfig } from './targets.ts';

const ofReturn = ['rmse', 'mae', 'r2', 'ic', 'da', 'f1'];
const ofDirection = ['da', 'f1', 'log_loss', 'brier'];

/**
 * Metrics that may choose the checkpoint called best: measured on the validation samples, never on test or train.
 * Without a task name they are those of the first task they apply to (CONTRACT 4).
 */
export function selectMetrics(tasks: TargetsConfig['tasks']): readonly string[] {
  const all = Object.entries(tasks);
  const has = (kind: string) => all.some(([, task]) => task.kind === kind);
  const overall = ['loss', ...(has('return') ? ofReturn : []), ...(has('direction') ? ofDirection : [])];
  const ofTasks = all.flatMap(([name, { kind }]) => {
    // The loss of an only task is val.loss.
    const metrics = [...(all.length > 1 ? ['loss'] : []), ...(kind === 'return' ? ofReturn : ofDirection)];
    return metrics.map((metric) => `val.${name}.${metric}`);
  });
  return [...new Set([...overall.map((metric) => `val.${metric}`), ...ofTasks])];
}

/** Hits, F1 and explained shares grow as a model gets better; losses and errors shrink. */
export function isHigherBetter(metric: string): boolean {
  return /\.(da|f1|r2|ic)$/.test(metric);
}

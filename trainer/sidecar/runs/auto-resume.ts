import type { RunView } from '#core/run/reduce.ts';

/**
 * Whether an interrupted run may go on at a start without being asked: a shutdown interrupted it, by a signal or with its
 * process, and its last attempt was the first one, or saved a checkpoint. So one that ends the machine each time it is
 * tried is not tried for ever.
 */
export function mayGoOn({ status, cause, attempt, queuedAt, checkpoints }: RunView): boolean {
  if (status !== 'interrupted' || (cause !== 'signal' && cause !== 'gone')) return false;
  return attempt < 2 || Object.values(checkpoints).some(({ at }) => queuedAt !== null && at > queuedAt);
}

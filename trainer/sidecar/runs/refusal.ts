import { AppError } from '#core/error.ts';
import { isSettled, type RunState } from '#core/run/state.ts';

/** @throws AppError state_conflict where what was asked of a run is not `allowed` in its state. */
export function requireAllowed(allowed: boolean, run: { id: string; status: RunState }, what: string): void {
  if (allowed) return;
  throw new AppError(
    'state_conflict',
    `Run ${run.id} is ${run.status} and cannot be ${what}: ${obstacleOf(run.status)}.`,
  );
}

function obstacleOf(status: RunState): string {
  if (isSettled(status)) return 'it has ended';
  return status === 'interrupted' ? 'it can only be resumed' : 'it is too early';
}

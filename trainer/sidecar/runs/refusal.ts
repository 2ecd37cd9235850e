import { AppError } from '#core/error.ts';
import type { RunState } from '#core/run/state.ts';

const onlyResumed = 'it can only be resumed';

/** What in a state is in the way of a request. */
const obstacles: Readonly<Record<RunState, string>> = {
  queued: 'it waits for its turn',
  starting: 'its trainer has only just started',
  running: 'it is at work',
  paused: 'it stands still',
  completed: 'it has ended for good, and a fork of it can go on from its checkpoints',
  failed: onlyResumed,
  cancelled: onlyResumed,
  interrupted: onlyResumed,
};

/** @throws AppError state_conflict where what was asked of a run is not `allowed` in its state. */
export function requireAllowed(allowed: boolean, run: { id: string; status: RunState }, what: string): void {
  if (allowed) return;
  throw new AppError(
    'state_conflict',
    `Run ${run.id} is ${run.status} and cannot be ${what}: ${obstacles[run.status]}.`,
  );
}

import { z } from 'zod';

/**
 * States of a run (FORMATS.md#states): queued → starting → running ⇄ paused → completed | failed | cancelled |
 * interrupted, and each of the last three → queued as a new attempt.
 */
export const runStates = [
  'queued',
  'starting',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

/** For good: the folder of the run never changes again. */
export function isFinal(state: RunState): boolean {
  return state === 'completed';
}

/** An attempt is over: no process writes to the folder, and nothing changes in it until a resume. */
export function hasEnded(state: RunState): boolean {
  return isSettled(state) || state === 'interrupted';
}

/** An attempt is over, and only a person makes it go on: an interrupted one can be queued again by itself. */
export function isSettled(state: RunState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** Another attempt may go on from the last checkpoint of the run. */
export function isResumable(state: RunState): boolean {
  return hasEnded(state) && !isFinal(state);
}

/** A process may be alive for the run in these states. */
export function isLive(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'paused';
}

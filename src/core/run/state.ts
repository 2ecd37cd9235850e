import { z } from 'zod';

/**
 * States of a run (FORMATS.md#states): queued → starting → running ⇄ paused → completed | failed | cancelled |
 * interrupted, and interrupted → queued as a new attempt.
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

/** After one of these nothing in the run folder changes any more. */
export function isFinal(state: RunState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** A process may be alive for the run in these states. */
export function isLive(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'paused';
}

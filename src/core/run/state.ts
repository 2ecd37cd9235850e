import { z } from 'zod';

/** States of a run and who may follow whom (CONTRACT 4). */
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

const next: Record<RunState, readonly RunState[]> = {
  queued: ['starting', 'cancelled'],
  starting: ['running', 'failed', 'cancelled', 'interrupted'],
  running: ['paused', 'completed', 'failed', 'cancelled', 'interrupted'],
  paused: ['running', 'completed', 'failed', 'cancelled', 'interrupted'],
  completed: [],
  failed: [],
  cancelled: [],
  interrupted: ['queued'],
};

export function canFollow(from: RunState, to: RunState): boolean {
  return next[from].includes(to);
}

/** After one of these nothing in the run folder changes any more. */
export function isFinal(state: RunState): boolean {
  return next[state].length === 0;
}

/** A process may be alive for the run in these states. */
export function isLive(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'paused';
}

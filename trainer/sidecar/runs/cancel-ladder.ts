import { setTimeout as sleep } from 'node:timers/promises';

/** What a trainer gets that is to end. */
export type StopSignal = 'SIGCONT' | 'SIGTERM' | 'SIGKILL';

export interface LadderTimes {
  /** Ms that a trainer has to answer the request to stop. */
  readonly answer: number;
  /** Ms between SIGTERM and SIGKILL. */
  readonly term: number;
}

export const ladderTimes: LadderTimes = { answer: 10_000, term: 2000 };

/**
 * Waits for a trainer that was asked to stop; signals it, ever more firmly, where it does not. One that was suspended
 * wakes first, so that it can answer. Returns once it has ended, or a second after the last signal.
 */
export async function climbLadder(
  trainer: { ended(): boolean; signal(signal: StopSignal): void },
  times: LadderTimes = ladderTimes,
): Promise<void> {
  trainer.signal('SIGCONT');
  if (await until(trainer.ended, times.answer)) return;
  trainer.signal('SIGTERM');
  if (await until(trainer.ended, times.term)) return;
  trainer.signal('SIGKILL');
  await until(trainer.ended, 1000);
}

async function until(condition: () => boolean, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() >= end) return false;
    await sleep(Math.min(50, limit));
  }
  return true;
}

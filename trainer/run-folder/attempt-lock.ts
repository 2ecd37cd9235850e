import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, findLockHolder, type LockResult } from './lock-file.ts';
import { type ProcessTable, processTable } from './process-identity.ts';

/** The lock of one attempt of a run; `readLock` on it names the trainer that has or had it. */
export function attemptLockPath(runFolder: string, attempt: number): string {
  return join(runFolder, `attempt-${attempt}.lock`);
}

/** Numbers of the attempts whose locks lie in a run folder. */
export function attemptsIn(runFolder: string): number[] {
  const found = readdirSync(runFolder).flatMap((file) => /^attempt-(\d+)(?:\.\d+)?\.lock$/.exec(file)?.[1] ?? []);
  return [...new Set(found.map(Number))];
}

/**
 * Takes the right to write into a run folder. Refused when a living process holds this or any other attempt, or when a
 * later attempt was ever begun: a run has at most one living writer.
 */
export function acquireAttempt(
  runFolder: string,
  attempt: number,
  nonce: string,
  table: ProcessTable = processTable,
): LockResult {
  const result = acquireLock(attemptLockPath(runFolder, attempt), nonce, { table });
  if ('lostTo' in result) return result;
  // Looked at after taking ours: of two attempts that start together each then sees the other, and none writes.
  for (const other of attemptsIn(runFolder)) {
    if (other === attempt) continue;
    const holder = findLockHolder(attemptLockPath(runFolder, other), table);
    if (holder || other > attempt) {
      result.held.release();
      return { lostTo: holder ?? result.held.record };
    }
  }
  return result;
}

import { describe, expect, it } from 'vitest';
import { type ProcessTable, processTable } from '#trainer/run-folder/process-identity.ts';
import { acquireAttempt } from '#trainer/run-folder/attempt-lock.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const another: ProcessTable = { ...processTable, startTicks: () => 1 };

describe('the attempt lock', () => {
  it('admits one writer a run: neither the same attempt nor the next while one lives', () => {
    const run = temporaryFolder();
    expect(acquireAttempt(run, 1, 'a')).toMatchObject({ held: {} });
    expect(acquireAttempt(run, 1, 'b')).toMatchObject({ lostTo: { nonce: 'a' } });
    expect(acquireAttempt(run, 2, 'c')).toMatchObject({ lostTo: { nonce: 'a' } });
  });

  it('goes to the next attempt once the first has ended, and never back', () => {
    const run = temporaryFolder();
    expect(acquireAttempt(run, 1, 'a', another)).toMatchObject({ held: {} });
    expect(
      acquireAttempt(run, 2, 'b', { ...processTable, startTicks: (pid) => (pid === process.pid ? 2 : null) }),
    ).toMatchObject({
      held: {},
    });
    expect(acquireAttempt(run, 1, 'late')).toHaveProperty('lostTo');
    expect(acquireAttempt(run, 3, 'c')).toMatchObject({ held: {} });
  });
});

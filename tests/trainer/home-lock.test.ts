import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#core/error.ts';
import { findSidecar, lockHome, requireNoSidecar } from '#trainer/home-lock.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

function refusal(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test.each(['sidecar', 'starter'] as const)('a second %s is told process, start and address of the first', (role) => {
  const runs = temporaryFolder();
  const lock = lockHome(runs, role);
  expect(refusal(() => lockHome(runs, role)).message).not.toContain('serves it');
  lock.announce('http://127.0.0.1:1/');
  const { code, message } = refusal(() => lockHome(runs, role));
  expect(code).toBe('locked');
  expect(message).toMatch(
    new RegExp(
      `^Another Almanac \\(process ${process.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC\\) has the ALMANAC_HOME .* and serves it at http://127\\.0\\.0\\.1:1/\\. `,
    ),
  );
  lock.release();
  lockHome(runs, role).release();
});

test('sidecar and starter hold a home beside each other, and a sidecar without a starter is found', () => {
  const runs = temporaryFolder();
  const starter = lockHome(runs, 'starter');
  requireNoSidecar(runs);
  const sidecar = lockHome(runs);
  sidecar.announce('http://127.0.0.1:2');
  expect(findSidecar(runs)).toBe('http://127.0.0.1:2');
  expect(refusal(() => requireNoSidecar(runs))).toMatchObject({ code: 'locked' });
  sidecar.release();
  starter.release();
  expect(findSidecar(runs)).toBeNull();
});

test.each(['', 'garbage', '{"pid":1}', '{"pid":-1,"startTicks":0,"bootId":"","nonce":"","at":""}'])(
  "a lock and an address of %j are nobody's",
  (text) => {
    const runs = temporaryFolder();
    for (const name of ['almanac.lock', 'almanac.address.json']) writeFileSync(join(runs, name), text);
    expect(findSidecar(runs)).toBeNull();
    requireNoSidecar(runs);
    lockHome(runs).release();
  },
);

import { expect, test } from 'vitest';
import { Silences } from '#trainer/sidecar/runs/silences.ts';

/** Silences with a monotonic clock and a wall clock that a test turns. */
function silences() {
  const time = { monotonic: 0, wall: Date.UTC(2026, 10, 30, 9) };
  const all = new Silences(
    () => time.monotonic,
    () => new Date(time.wall),
  );
  return { all, time };
}

const running = (lastSeq: number) => ({ lastSeq, status: 'running' as const });

test('tells once that a run has gone silent, and once that it speaks again', () => {
  const { all, time } = silences();
  expect(all.look('a', running(1))).toBe(false);
  time.monotonic += 29_999;
  expect([all.look('a', running(1)), all.since('a')]).toEqual([false, null]);
  time.monotonic += 1;
  expect([all.look('a', running(1)), all.since('a')]).toEqual([true, '2026-11-30T09:00:00.000Z']);
  expect(all.look('a', running(1))).toBe(false);
  expect([all.look('a', running(2)), all.since('a')]).toEqual([true, null]);
  expect(all.look('a', running(2))).toBe(false);
});

test('expects no words of a run that reads its data, is paused or has ended', () => {
  for (const status of ['starting', 'paused', 'completed'] as const) {
    const { all, time } = silences();
    all.look('a', { lastSeq: 1, status });
    time.monotonic += 3_600_000;
    expect([all.look('a', { lastSeq: 1, status }), all.since('a')]).toEqual([false, null]);
  }
});

test.each([
  ['an hour back', -3_600_000],
  ['a day on', 86_400_000],
])('a wall clock that jumps %s makes no run stalled and hides none that is', (_, jump) => {
  const { all, time } = silences();
  all.look('a', running(1));
  time.wall += jump;
  expect([all.look('a', running(1)), all.since('a')]).toEqual([false, null]);
  time.monotonic += 30_000;
  expect([all.look('a', running(1)), all.since('a')]).toEqual([true, '2026-11-30T09:00:00.000Z']);
});

test('a wall clock that stands still hides no run that is stalled', () => {
  const { all, time } = silences();
  all.look('a', running(1));
  time.monotonic += 40_000;
  expect(all.since('a')).toBe('2026-11-30T09:00:00.000Z');
});

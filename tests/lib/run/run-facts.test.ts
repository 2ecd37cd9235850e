import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import RunFacts from '#lib/run/RunFacts.svelte';
import { RunSession } from '#lib/run/run-session.svelte.ts';
import { runDetail } from '#tests/support/run-summary.ts';

afterEach(() => {
  vi.useRealTimers();
});

const start = '2026-01-01T00:00:00.000Z';

it.each([
  ['grows by the second while it trains', null, ['10 s', '12 s']],
  ['stands still once it has ended', '2026-01-01T00:00:07.000Z', ['7.0 s', '7.0 s']],
])('the time that a run took %s', (_, finishedAt, shown) => {
  vi.useFakeTimers({ now: Date.parse(start) + 10_000 });
  const status = finishedAt === null ? 'running' : 'completed';
  const session = new RunSession(runDetail({ status, startedAt: start, finishedAt }));
  const target = document.createElement('div');
  const facts = mount(RunFacts, { target, props: { session } });
  const took = () => target.querySelector('[data-fact=took]')?.textContent;
  flushSync();
  const before = took();
  vi.advanceTimersByTime(2000);
  flushSync();
  expect([before, took()]).toEqual(shown);
  void unmount(facts);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Plan } from '#core/api/plan.ts';
import { LaunchPlan } from '#lib/notebook/launch-plan.svelte.ts';

const planOf = (words: string): Plan => ({
  words,
  cells: [],
  estimate: { seconds: 1, bytes: null, engine: null, device: null, basis: '' },
  queue: { position: 1, ahead: null },
  rows: null,
  nextSeed: null,
  issues: [],
});

/** A server whose answers come by hand, one a question. */
function planner() {
  const asked: { readonly source: string; answer(): void }[] = [];
  const launch = new LaunchPlan(
    (_, init) =>
      new Promise((resolve, reject) => {
        const { source } = JSON.parse(String(init?.body)) as { source: string };
        asked.push({ source, answer: () => resolve(Response.json(planOf(source))) });
        init?.signal?.addEventListener('abort', () => reject(new DOMException('left', 'AbortError')));
      }),
  );
  return { launch, asked };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('waits for the question that is on its way, where that is of the newest request', async () => {
  const { launch, asked } = planner();
  launch.follow({ source: 'one' });
  vi.runAllTimers();
  const settled = launch.settled();
  asked[0]?.answer();
  expect((await settled)?.words).toBe('one');
  expect(asked).toHaveLength(1);
});

it('asks at once for the newest request, where an older one is still on its way', async () => {
  const { launch, asked } = planner();
  launch.follow({ source: 'one' });
  vi.runAllTimers();
  launch.follow({ source: 'two' });
  const settled = launch.settled();
  expect(asked.map(({ source }) => source)).toEqual(['one', 'two']);
  asked[1]?.answer();
  expect((await settled)?.words).toBe('two');
});

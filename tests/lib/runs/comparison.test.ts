import { expect, it } from 'vitest';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { Comparison } from '#lib/runs/comparison.svelte.ts';

const answer: SharedScores = { n: 4, from: 0, to: 9, comparable: true, reason: null, luck: null, runs: [] };

/** A sidecar whose answers are given by hand, in any order. */
function handmade() {
  const asked: { readonly ids: string; answer(body: unknown, status?: number): void }[] = [];
  const comparison = new Comparison(async (path) => {
    const ids = new URL(String(path), 'http://page').searchParams.get('ids') ?? '';
    return new Promise((done) => {
      asked.push({ ids, answer: (body, status = 200) => done(Response.json(body, { status })) });
    });
  });
  return { asked, comparison };
}

it('reads the scores of two runs and more, and none of one', async () => {
  const { asked, comparison } = handmade();
  await comparison.toggle('a');
  expect([comparison.count, asked.length, comparison.busy]).toEqual([1, 0, false]);
  const reading = comparison.toggle('b');
  expect([asked[0].ids, comparison.busy, comparison.scores]).toEqual(['a,b', true, null]);
  asked[0].answer(answer);
  await reading;
  expect([comparison.scores, comparison.busy]).toEqual([answer, false]);
  await comparison.toggle('a');
  expect([comparison.has('a'), comparison.has('b'), comparison.scores]).toEqual([false, true, null]);
});

it('shows the newest choice, whenever an older answer comes', async () => {
  const { asked, comparison } = handmade();
  await comparison.toggle('a');
  const first = comparison.toggle('b');
  const second = comparison.toggle('c');
  asked[1].answer({ ...answer, n: 3 });
  await second;
  asked[0].answer(answer);
  await first;
  expect(comparison.scores?.n).toBe(3);
  const third = comparison.toggle('d');
  await comparison.clear();
  asked[2].answer(answer);
  await third;
  expect([comparison.count, comparison.scores, comparison.busy]).toEqual([0, null, false]);
});

it('says why there are none', async () => {
  const { asked, comparison } = handmade();
  await comparison.toggle('a');
  const reading = comparison.toggle('b');
  asked[0].answer({ error: { code: 'state_conflict', message: 'R2 has no predictions' } }, 409);
  await reading;
  expect([comparison.trouble, comparison.scores, comparison.busy]).toEqual(['R2 has no predictions', null, false]);
});

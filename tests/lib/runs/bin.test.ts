import { expect, it } from 'vitest';
import { Bin } from '#lib/runs/bin.svelte.ts';

const run = {
  id: '01x',
  number: 7,
  name: 'a run',
  notebook: 'first',
  binnedAt: '2026-03-01T00:00:00.000Z',
  bytes: 300,
};
const text = { restore: 'first.0123abcd', slug: 'first', title: 'First', bytes: 40, binnedAt: null };
const full = { runs: [run], notebooks: [text], trouble: null };

/** Both servers, with what they hold and what they were asked. */
function world() {
  let [runs, notebooks] = [[run], [text]];
  const asked: string[] = [];
  const state = { down: false };
  async function fetcher(input: string, init?: RequestInit) {
    const request = `${init?.method ?? 'GET'} ${input}`;
    if (state.down && input.startsWith('/api')) throw new TypeError('fetch failed');
    asked.push(request);
    const bytes = runs.length * run.bytes;
    switch (request) {
      case 'GET /api/runs/bin':
        return Response.json({ runs: runs.length, bytes, items: runs });
      case 'GET /files/bin':
        return Response.json({ notebooks });
      case 'DELETE /api/runs/bin':
        runs = [];
        return Response.json({ runs: 1, bytes: 300, kept: [] });
      case 'DELETE /files/bin':
        notebooks = [];
        return Response.json({ notebooks: 1, bytes: 40 });
      case 'POST /api/runs/01x/restore':
        runs = [];
        return Response.json({});
      default:
        notebooks = [];
        return Response.json({ slug: 'first-2' });
    }
  }
  return { asked, state, fetcher };
}

it('weighs both kinds, and empties both', async () => {
  const { fetcher } = world();
  const bin = new Bin(full, fetcher);
  expect(bin.weight).toEqual({ runs: 1, notebooks: 1, bytes: 340 });
  expect(await bin.empty()).toEqual({ runs: 1, notebooks: 1, bytes: 340, kept: [] });
  expect([bin.isEmpty, bin.isBusy]).toEqual([true, false]);
});

it('puts one back, and says under which name a notebook is back', async () => {
  const { fetcher } = world();
  const bin = new Bin(full, fetcher);
  await bin.restoreRun('01x');
  expect(bin.weight).toEqual({ runs: 0, notebooks: 1, bytes: 40 });
  expect(await bin.restoreNotebook(text.restore)).toBe('first-2');
  expect(bin.isEmpty).toBe(true);
});

it('keeps what it knew where the sidecar does not answer, and says so', async () => {
  const { fetcher, state, asked } = world();
  const bin = new Bin(full, fetcher);
  state.down = true;
  await bin.refresh();
  expect([bin.weight.runs, bin.trouble]).toEqual([1, expect.stringContaining('does not answer')]);
  await expect(bin.empty()).rejects.toThrow();
  // Runs could not be removed: nothing was asked of the notebooks.
  expect(asked).not.toContain('DELETE /files/bin');
  expect(bin.isBusy).toBe(false);
});

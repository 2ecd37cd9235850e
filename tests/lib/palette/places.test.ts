import { expect, it } from 'vitest';
import { findActions } from '#lib/palette/find-actions.ts';
import { readPlaces, searchOfRuns } from '#lib/palette/places.ts';
import { runSummary } from '#tests/support/run-summary.ts';

it('finds a run by its name, its tags and the first line of its conclusion', async () => {
  const runs = [
    runSummary({ id: 'a', number: 1, name: 'A first run' }),
    runSummary({
      ...{ id: 'b', number: 2, name: 'A first run', tags: ['old'] },
      conclusion: 'A *slower* rate learns later.\n\nNext: a longer lookback.',
    }),
  ];
  const went: string[] = [];
  const answer = async (input: RequestInfo | URL) =>
    Response.json(String(input).includes('notebooks') ? { notebooks: [] } : { runs, total: 2, next: null });
  const places = await readPlaces(answer, (path) => went.push(path));
  for (const query of ['slower rate', 'old', 'r2']) findActions(places, query).map((place) => place.run());
  expect(went).toEqual(['/runs/b', '/runs/b', '/runs/b']);
});

it('offers the table of all runs for words, as a filter that takes them as they are', () => {
  const went: string[] = [];
  for (const query of ['  ', 'slower rate', 'and "no"']) {
    for (const action of searchOfRuns(query, (path) => went.push(path))) action.run();
  }
  const filters = went.map((path) => new URL(path, 'http://x').searchParams.get('filter'));
  expect(filters[0]).toBe('"slower" and "rate"');
  expect(filters[1]).toMatch(/^".*and.*" and /);
  expect(filters).toHaveLength(2);
});

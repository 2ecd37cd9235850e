import { expect, it } from 'vitest';
import { findActions } from '#lib/palette/find-actions.ts';
import { runPlace, searchOfRuns } from '#lib/palette/places.ts';
import { tableRow } from '#tests/lib/runs/table-rows.ts';

it('finds a run by its name, its tags and the first line of its conclusion', () => {
  const went: string[] = [];
  const rows = [tableRow(1), { ...tableRow(2), tags: ['old'], conclusion: 'A slower rate learns later.' }];
  const places = rows.map((row) => runPlace(row, (path) => went.push(path)));
  for (const query of ['slower rate', 'old', 'r2']) findActions(places, query).map((place) => place.run());
  const [, second] = rows;
  expect(went).toEqual(Array.from({ length: 3 }, () => `/runs/${second?.id}`));
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

import type { TableRow } from '#core/api/run-table.ts';
import { filterOfWords } from '#core/query/filter-text.ts';
import { listNotebooks } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { Action } from '#lib/ui/actions.svelte.ts';

/** Every notebook as a place to go to; none where they cannot be listed. */
export async function notebookPlaces(fetcher: Fetch, go: (path: string) => void): Promise<readonly Action[]> {
  const { notebooks } = await listNotebooks(fetcher).catch(() => ({ notebooks: [] }));
  return notebooks.map(({ slug, title }) => ({
    name: title,
    hint: `notebook ${slug}`,
    run: () => go(`/notebooks/${slug}`),
  }));
}

/** A run as a place to go to. */
export function runPlace({ id, number, name, state, tags, conclusion }: TableRow, go: (path: string) => void): Action {
  return {
    name: `R${number} ${name}`,
    hint: [conclusion, state, ...tags].filter(Boolean).join(' · '),
    run: () => go(`/runs/${id}`),
  };
}

/** All runs, with what people wrote at them, are searched for words in their table. */
export function searchOfRuns(query: string, go: (path: string) => void): readonly Action[] {
  const filter = filterOfWords(query);
  if (filter === '') return [];
  const name = `Search all runs for “${query.trim()}”`;
  return [{ name, run: () => go(`/runs?filter=${encodeURIComponent(filter)}`) }];
}

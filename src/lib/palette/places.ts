import type { TableRow } from '#core/api/run-table.ts';
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
export function runPlace({ id, number, name, state, tags }: TableRow, go: (path: string) => void): Action {
  return { name: `R${number} ${name}`, hint: [state, ...tags].join(' '), run: () => go(`/runs/${id}`) };
}

import { listNotebooks } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { listRuns } from '#lib/api/runs.ts';
import type { Action } from '#lib/ui/actions.svelte.ts';

/** Newest runs that are listed. */
const newest = 500;

/** Every notebook and the newest runs as places to go to; those that cannot be listed are left out. */
export async function readPlaces(fetcher: Fetch, go: (path: string) => void): Promise<readonly Action[]> {
  const [notebooks, runs] = await Promise.allSettled([listNotebooks(fetcher), listRuns(fetcher, { limit: newest })]);
  return [
    ...(notebooks.status === 'fulfilled' ? notebooks.value.notebooks : []).map(({ slug, title }) => ({
      name: title,
      hint: `notebook ${slug}`,
      run: () => go(`/notebooks/${slug}`),
    })),
    ...(runs.status === 'fulfilled' ? runs.value : []).map(({ id, number, name, status, tags }) => ({
      name: `R${number} ${name}`,
      hint: [status, ...tags].join(' '),
      run: () => go(`/runs/${id}`),
    })),
  ];
}

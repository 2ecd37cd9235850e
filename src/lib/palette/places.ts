import { quoted } from '#core/query/filter-text.ts';
import { firstLine } from '#core/run/first-line.ts';
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
    ...(runs.status === 'fulfilled' ? runs.value : []).map(({ id, number, name, status, tags, conclusion }) => ({
      name: `R${number} ${name}`,
      hint: [firstLine(conclusion), status, ...tags].filter(Boolean).join(' · '),
      run: () => go(`/runs/${id}`),
    })),
  ];
}

/** All runs, with what people wrote at them, are searched for words in their table. */
export function searchOfRuns(query: string, go: (path: string) => void): readonly Action[] {
  const words = query.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const filter = encodeURIComponent(words.map(quoted).join(' and '));
  return [{ name: `Search all runs for “${words.join(' ')}”`, run: () => go(`/runs?filter=${filter}`) }];
}

import { loadTable } from '#lib/runs/run-table.svelte.ts';
import { readView } from '#lib/runs/table-view.ts';
import type { PageLoad } from './$types';

/** Once a visit: from then on the page follows its address by itself. */
export const load: PageLoad = ({ fetch, url, untrack }) => {
  const view = untrack(() => readView(url.searchParams));
  return loadTable(fetch, view);
};

import { listNotebooks } from '#lib/api/notebooks.ts';
import { loadTable } from '#lib/runs/run-table.svelte.ts';
import { plainView } from '#lib/runs/table-view.ts';
import type { PageLoad } from './$types';

/** Both lists; a sidecar that does not answer leaves the notebooks readable, and says so where the runs would stand. */
export const load: PageLoad = async ({ fetch }) => {
  const [notebooks, runs] = await Promise.all([listNotebooks(fetch).catch(() => null), loadTable(fetch, plainView)]);
  return {
    notebooks: notebooks ?? { notebooks: [], unusable: [] },
    runs,
    trouble: notebooks === null ? 'The notebooks could not be read' : null,
  };
};

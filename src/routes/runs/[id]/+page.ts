import { redirect } from '@sveltejs/kit';
import { draftFile, noDraft } from '#lib/api/drafts.ts';
import { toErrorPage } from '#lib/api/error-page.ts';
import { getRun, noLineage, readLineage } from '#lib/api/runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const run = await getRun(fetch, params.id).catch(toErrorPage);
  // A run may be called by its number, as in a text: R12.
  if (run.id !== params.id) redirect(302, `/runs/${run.id}`);
  const [lineage, parent, kept] = await Promise.all([
    readLineage(fetch, { of: run.id, notebook: run.notebook }).catch(noLineage),
    run.parent ? getRun(fetch, run.parent).catch(() => null) : null,
    draftFile(fetch, run.id)
      .read()
      .catch(() => noDraft),
  ]);
  return { run, lineage, parent, kept };
};

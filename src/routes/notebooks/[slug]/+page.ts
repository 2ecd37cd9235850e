import { toErrorPage } from '#lib/api/error-page.ts';
import { readNotebook } from '#lib/api/notebooks.ts';
import { getRun, noLineage, readLineage } from '#lib/api/runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const [saved, lineage] = await Promise.all([
    readNotebook(fetch, params.slug).catch(toErrorPage),
    readLineage(fetch, { notebook: params.slug }).catch(noLineage),
  ]);
  const last = lineage.runs.find((run) => run.status === 'completed' && run.parent === null);
  const ran = last ? await getRun(fetch, last.id).catch(() => null) : null;
  return { slug: params.slug, saved, lineage, ran };
};

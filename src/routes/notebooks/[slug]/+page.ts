import { error } from '@sveltejs/kit';
import { readNotebook } from '#lib/api/notebooks.ts';
import { ApiError } from '#lib/api/request.ts';
import { getRun, noLineage, readLineage } from '#lib/api/runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const [saved, lineage] = await Promise.all([
    readNotebook(fetch, params.slug).catch((cause: unknown) => {
      if (cause instanceof ApiError) error(cause.status || 503, { message: cause.message, code: cause.code });
      throw cause;
    }),
    readLineage(fetch, { notebook: params.slug }).catch(noLineage),
  ]);
  const last = lineage.runs.find((run) => run.status === 'completed' && run.parent === null);
  const ran = last ? await getRun(fetch, last.id).catch(() => null) : null;
  return { slug: params.slug, saved, lineage, ran };
};

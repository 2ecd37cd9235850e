import { error } from '@sveltejs/kit';
import { ApiError } from '#lib/api/request.ts';
import { getRun, noLineage, readLineage } from '#lib/api/runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const run = await getRun(fetch, params.id).catch((cause: unknown) => {
    if (cause instanceof ApiError) error(cause.status || 503, { message: cause.message, code: cause.code });
    throw cause;
  });
  const [lineage, parent] = await Promise.all([
    readLineage(fetch, { of: run.id, ...(run.notebook === null ? {} : { notebook: run.notebook }) }).catch(noLineage),
    run.parent ? getRun(fetch, run.parent).catch(() => null) : null,
  ]);
  return { run, lineage, parent };
};

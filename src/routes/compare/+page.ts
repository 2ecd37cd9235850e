import { error } from '@sveltejs/kit';
import { ApiError } from '#lib/api/request.ts';
import { readDiff } from '#lib/api/comparisons.ts';
import { inOrder, parseAddress } from '#lib/compare/compare-address.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const address = parseAddress(url.searchParams);
  if (address.runs.length < 2) return { address, diff: null };
  const diff = await readDiff(fetch, inOrder(address)).catch((cause: unknown) => {
    if (cause instanceof ApiError) error(cause.status || 503, { message: cause.message, code: cause.code });
    throw cause;
  });
  return { address, diff };
};

import { readDiff } from '#lib/api/comparisons.ts';
import { toErrorPage } from '#lib/api/error-page.ts';
import { inOrder, parseAddress } from '#lib/compare/compare-address.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const address = parseAddress(url.searchParams);
  if (address.runs.length < 2) return { address, diff: null };
  const diff = await readDiff(fetch, inOrder(address)).catch(toErrorPage);
  return { address, diff };
};

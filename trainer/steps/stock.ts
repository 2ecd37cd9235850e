import { dirname, join } from 'node:path';
import { Cache } from '#trainer/cache/cache.ts';
import { KeptBars } from './kept-bars.ts';

/** Where a run finds what was worked out before, by the settings that its process was started with. */
export function stockOf(
  runFolder: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly cache: Cache; readonly kept: KeptBars } {
  return stockIn(dirname(runFolder), env);
}

/** The same for who works for no one run. */
export function stockIn(
  runs: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly cache: Cache; readonly kept: KeptBars } {
  const limit = Number(env['ALMANAC_CACHE_LIMIT'] || fallbackLimit) * 1024 ** 3;
  return { cache: new Cache(env['ALMANAC_CACHE'] || join(runs, '.cache'), { limit }), kept: new KeptBars(runs) };
}

/** GiB, as the setting has it. */
const fallbackLimit = 8;

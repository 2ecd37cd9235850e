import { z } from 'zod';

const weight = z
  .object({
    entries: z.int().describe('Results'),
    bytes: z.int().describe('Of their files'),
    limit: z.int().describe('Bytes that it may hold; 0: it is switched off'),
  })
  .readonly();

/** GET /cache: results that runs to come can reuse. */
export const cacheContentAnswer = weight.meta({ ref: 'CacheContent' });
export type CacheContent = z.infer<typeof cacheContentAnswer>;

/** DELETE /cache: what was there. Runs lose nothing by it: the bars that they were trained on are kept elsewhere. */
export const clearedCacheAnswer = weight.meta({ ref: 'ClearedCache' });

import { z } from 'zod';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import type { Content } from '#trainer/cache/content-file.ts';
import { requireArray } from './bars-content.ts';

const metaSchema = z.object({
  kind: z.literal('matrix'),
  names: z.array(z.string()),
  warmups: z.array(z.number()),
  warmup: z.number(),
  timeframes: z.array(z.string()),
  notes: z.array(z.string()),
});

export function toMatrixContent({ columns, ...rest }: FeatureMatrix): Content {
  return {
    meta: { kind: 'matrix', ...rest },
    arrays: Object.fromEntries(columns.map((column, k) => [String(k), column])),
  };
}

/** @throws where it is the content of something else */
export function fromMatrixContent({ meta, arrays }: Content): FeatureMatrix {
  const { names, warmups, warmup, timeframes, notes } = metaSchema.parse(meta);
  const columns = names.map((_, k) => requireArray(arrays, String(k), Float64Array));
  return { names, columns, warmups, warmup, timeframes, notes };
}

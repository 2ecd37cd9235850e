import { z } from 'zod';

/**
 * Finding of one check of a result (METRICS.md#checks), e.g. {name: "no sign of a leak", ok: true, message: "DA 0.51 …"}.
 * `code` says which check, whatever its outcome; runs of older versions have the first three members alone.
 */
const resultCheck = z.object({
  name: z.string().describe('The outcome in words'),
  /** Nothing to look at, or shown better. */
  ok: z.boolean(),
  message: z.string(),
  code: z.string().optional().describe('leak, direction, f1, zero, train_mean, baseline or spread'),
  level: z
    .enum(['ok', 'warn', 'none'])
    .optional()
    .describe('ok: well, or shown better; warn: look at it; none: nothing shown'),
  p: z.number().optional().describe('One-sided p-value of the test behind it, 0 … 1'),
});
export type ResultCheck = z.infer<typeof resultCheck>;

/** How a check came out; those of older versions know only well and not. */
export function levelOf({ ok, level }: Pick<ResultCheck, 'ok' | 'level'>): 'ok' | 'warn' | 'none' {
  return level ?? (ok ? 'ok' : 'warn');
}

/** Advantage of the model over the best baseline of its own rows: what may be compared where the rows differ. */
export const edgeSchema = z.object({
  metric: z.string(),
  baseline: z.string(),
  value: z.number().describe('Metric of the model less that of the baseline'),
  low: z.number().describe('Lower end of the 95 % interval'),
  high: z.number().describe('Upper end of the 95 % interval'),
});
export type Edge = z.infer<typeof edgeSchema>;

/** Rows by what was said and what came, where both have a side. */
const confusion = z.object({
  upHits: z.int().describe('Said up, came up'),
  upMisses: z.int().describe('Said up, came down'),
  downHits: z.int().describe('Said down, came down'),
  downMisses: z.int().describe('Said down, came up'),
});
export type Confusion = z.infer<typeof confusion>;

/** How often the price rose where a probability of about `forecast` was given. */
const reliability = z.object({
  bins: z.array(
    z.object({
      forecast: z.number().describe('Mean probability of up'),
      observed: z.number().describe('Share of up'),
      low: z.number().describe('Lower end of the 95 % interval of the share'),
      high: z.number().describe('Upper end of the 95 % interval of the share'),
      n: z.int(),
    }),
  ),
  ece: z.number().describe('Expected calibration error: mean of |observed − forecast|, weighted by n'),
});
export type Reliability = z.infer<typeof reliability>;

/** What a result holds besides numbers; runs of older versions have the checks alone. */
export const resultFindings = {
  checks: z.array(resultCheck),
  edge: edgeSchema.optional(),
  /** By task, of the side of its forecast. */
  confusion: z.record(z.string(), confusion).optional(),
  /** By task, where it forecasts a probability. */
  reliability: z.record(z.string(), reliability).optional(),
};

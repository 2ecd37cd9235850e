import { z } from 'zod';
import { architectures } from '#core/models/registry.ts';
import { engineNames } from './registry.ts';

/** How one architecture trains on an engine: its speed, or why its test was not passed. */
const modelReportSchema = z.union([
  /** Windows a second, base variant, batches of 256 windows of 64 × 16. */
  z.object({ samplesPerSecond: z.number() }),
  z.object({ reason: z.string() }),
]);

/** What GET /engines and `almanac doctor` answer for one engine. */
export const engineReportSchema = z
  .object({
    name: z.enum(engineNames),
    available: z.boolean(),
    /** Not tested yet: `available` is then only what the files on this machine suggest. */
    pending: z.literal(true).optional(),
    device: z.string(),
    version: z.string(),
    /** Why it is not available and what would make it so. */
    reason: z.string().optional(),
    /** The command that would install what is missing, or where there is none what to install, in words. */
    remedy: z.string().optional(),
    /** Runs occupy one of these each. Ids are `cpu` and `gpu:<index>`; engines share them. */
    devices: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** A product of two 512 × 512 matrices, and windows a second in training a small dense network. */
    measured: z.object({ gflops: z.number(), samplesPerSecond: z.number() }).optional(),
    models: z.partialRecord(z.enum(architectures), modelReportSchema).optional(),
  })
  .meta({ ref: 'EngineReport' });
export type EngineReport = z.infer<typeof engineReportSchema>;
export type ModelReport = z.infer<typeof modelReportSchema>;

export const engineReportsSchema = z.array(engineReportSchema);

import { z } from 'zod';
import { architectures } from '#core/models/registry.ts';

/** What the device exposes; the rest is absent. */
const gpu = z.object({
  name: z.string().optional(),
  util: z.number().optional(),
  memUsed: z.number().optional(),
  memTotal: z.number().optional(),
  temperature: z.number().optional(),
  power: z.number().optional(),
});

/** GET /system: this machine now. */
export const machineReading = z
  .object({
    cpu: z.number().describe('Percent of all cores together since the last reading, 0 to 100'),
    cores: z.int(),
    memory: z.object({ used: z.number(), total: z.number() }).describe('Bytes'),
    disk: z.object({ free: z.number(), total: z.number() }).describe('Bytes on the disk of the runs'),
    gpu: gpu.nullable(),
    gpuNote: z.string().optional().describe('What of the GPU cannot be read, in a sentence'),
    sidecar: z
      .object({ rss: z.number(), followers: z.int(), active: z.array(z.string()).readonly() })
      .describe('The sidecar itself: resident bytes, followers of streams, ids of runs at work'),
  })
  .meta({ ref: 'Machine' });
export type MachineReading = z.infer<typeof machineReading>;

/** Query of GET /engines. */
export const enginesQuery = z.object({
  model: z
    .enum(architectures)
    .optional()
    .describe('Ranks the engines for this architecture, and measures it where no run is at work'),
  fresh: z.string().optional().describe('Present: tests and measures again'),
});

/** POST /system/reindex. */
export const reindexAnswer = z
  .object({
    indexed: z.array(z.string()).readonly(),
    failed: z.array(z.object({ id: z.string(), reason: z.string() })).readonly(),
  })
  .meta({ ref: 'ReindexReport' });
export type ReindexAnswer = z.infer<typeof reindexAnswer>;

const indexStatus = z.object({
  state: z
    .enum(['indexing', 'rebuilding', 'ready'])
    .describe('indexing: behind the run folders since the start; rebuilding: another is built while this one serves'),
  listed: z.int().describe('Runs whose folder was looked at, so that they are in the list'),
  done: z.int().describe('Runs whose logs were read, which begins when all are listed'),
  total: z.int().describe('Runs there are; 0 before they are counted'),
  failed: reindexAnswer.shape.failed.describe('Folders and files that could not be indexed, and why'),
});
export type IndexStatus = z.infer<typeof indexStatus>;

/** GET /health. */
export const healthAnswer = z
  .object({ ok: z.literal(true), version: z.string(), index: indexStatus })
  .meta({ ref: 'Health' });

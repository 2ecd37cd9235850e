import { z } from 'zod';

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
export const machineReading = z.object({
  /** Percent of all cores together since the last reading, 0 to 100. */
  cpu: z.number(),
  cores: z.int(),
  /** Bytes. */
  memory: z.object({ used: z.number(), total: z.number() }),
  /** Bytes on the disk of the runs. */
  disk: z.object({ free: z.number(), total: z.number() }),
  gpu: gpu.nullable(),
  /** What of the GPU cannot be read, in a sentence. */
  gpuNote: z.string().optional(),
  /** The sidecar itself: resident bytes, followers of streams, ids of runs at work. */
  sidecar: z.object({ rss: z.number(), followers: z.int(), active: z.array(z.string()) }),
});
export type MachineReading = z.infer<typeof machineReading>;

import { z } from 'zod';

/** The memory that training was expected to need, and the most it was seen to take so far, in bytes. */
export const memoryReport = z.object({
  estimated: z.number(),
  peak: z.number(),
  /** What the peak was measured on; of GPU and process it is the growth since before the model was built. */
  of: z.enum(['tensors', 'gpu', 'process']),
});
export type MemoryReport = z.infer<typeof memoryReport>;

/** What a peak was measured on, in words. */
export const peakWords: Readonly<Record<MemoryReport['of'], string>> = {
  tensors: 'tensors on the engine',
  gpu: "growth of the GPU's memory in use",
  process: 'growth of the trainer process',
};

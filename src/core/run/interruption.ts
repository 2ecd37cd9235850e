import { z } from 'zod';

/**
 * Why an attempt is `interrupted`: a signal that nobody here asked for ended it, the disk was full, its device was lost,
 * or its process was found gone.
 */
export const interruptionSchema = z.enum(['signal', 'disk_full', 'device_lost', 'gone']);
export type Interruption = z.infer<typeof interruptionSchema>;

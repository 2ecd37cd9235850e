import { z } from 'zod';
import { findFileNameFault } from '#core/given-name.ts';

/** A checkpoint's name is a folder's name, so it can say nothing else. */
export const checkpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit')
  .refine((name) => findFileNameFault(name) === null, {
    error: ({ input }) => `expected the name of a folder, and this one ${findFileNameFault(String(input)) ?? ''}`,
    abort: true,
  });

/** What a person wants of a living trainer. */
const wants = ['run', 'pause', 'stop'] as const;
export type Want = (typeof wants)[number];

/** `control.json`: what is wanted of a living trainer. Only the sidecar writes it, only the trainer acts on it. */
export const controlSchema = z.object({
  want: z.enum(wants),
  /** For which attempt; a file left over from another one is not for us. */
  attempt: z.int().nullish(),
  /** Save a checkpoint of this name at the next step edge. */
  checkpoint: checkpointName.nullish(),
  /** Grows with every request for a checkpoint, so that two of one name are two; without it a rewritten file is a new one. */
  request: z.int().nullish(),
});
export type ControlRequest = z.infer<typeof controlSchema>;
